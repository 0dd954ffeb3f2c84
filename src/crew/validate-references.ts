import { clip, issuesIn, suggestion, type Issue } from './issues.js';
import type { Known } from './known.js';
import { modelUses } from './models.js';
import type { CrewDefinition } from './types.js';

/**
 * Names of the operator's things: models, tools, guardrail functions, schemas. A definition can only name what is
 * configured, so this is checked again when a run of a stored one is started.
 */
export function referenceIssues(definition: CrewDefinition, known: Known): Issue[] {
  return [
    ...modelIssues(definition, known),
    ...toolIssues(definition, known.tools),
    ...guardrailIssues(definition, known.guardrails),
    ...schemaIssues(definition, known.schemas),
  ];
}

function modelIssues(definition: CrewDefinition, { models, modelNames = [], whyNoModel }: Known): Issue[] {
  if (!models) return [];
  return issuesIn(modelUses(definition), ({ path, name }): Issue[] => {
    if (models(name)) return [];
    const message = whyNoModel?.(name) ?? `The model '${clip(name)}' is not configured.${suggestion(name, modelNames)}`;
    return [{ path, message }];
  });
}

type Tools = NonNullable<CrewDefinition['agents'][string]['tools']>;

function toolIssues({ agents, tasks }: CrewDefinition, tools: Known['tools']): Issue[] {
  const known = tools && { tools: new Set(tools.tools), servers: new Set(tools.servers) };
  return [
    ...issuesIn(Object.entries(agents), ([key, agent]) => toolListIssues(agent.tools, ['agents', key, 'tools'], known)),
    ...issuesIn(Object.entries(tasks), ([key, task]) => toolListIssues(task.tools, ['tasks', key, 'tools'], known)),
  ];
}

/** `Known.tools`, to be asked for each tool of a definition. */
interface KnownTools {
  tools: ReadonlySet<string>;
  servers: ReadonlySet<string>;
}

function toolListIssues(tools: Tools | undefined, above: string[], known: KnownTools | undefined): Issue[] {
  const seen = new Set<string>();
  return issuesIn(tools ?? [], (use, at) => {
    const path = typeof use === 'string' ? [...above, at] : [...above, at, 'name'];
    const name = typeof use === 'string' ? use : use.name;
    const problem = seen.has(name) ? 'This tool is in the list already' : toolProblem(name, known);
    seen.add(name);
    return problem === undefined ? [] : [{ path, message: problem }];
  });
}

function toolProblem(name: string, known: KnownTools | undefined): string | undefined {
  const slash = name.indexOf('/');
  const [server, tool] = [name.slice(0, slash), name.slice(slash + 1)];
  if (slash >= 0 && (server === '' || tool === '')) {
    return `Expected the name of a tool, server/tool or server/*, found '${clip(name)}'`;
  }
  if (!known || known.tools.has(name)) return undefined;
  const { tools, servers } = known;
  if (slash >= 0) {
    return servers.has(server)
      ? undefined
      : `No server '${clip(server)}' of tools is configured.${suggestion(server, [...servers])}`;
  }
  if (servers.has(name)) return `'${name}' is a server of tools: write ${name}/* for all of its tools, or ${name}/tool`;
  const names = [...tools, ...Array.from(servers, (one) => `${one}/*`)];
  return `No tool '${clip(name)}' is configured.${names.length === 0 ? ' There are none.' : suggestion(name, names)}`;
}

function guardrailIssues({ tasks }: CrewDefinition, known: Known['guardrails']): Issue[] {
  if (!known) return [];
  return issuesIn(Object.entries(tasks), ([key, { guardrail = [] }]) =>
    issuesIn(Array.isArray(guardrail) ? guardrail : [guardrail], (one, at): Issue[] => {
      if (typeof one === 'string' || known.includes(one.function)) return [];
      const path = ['tasks', key, 'guardrail', ...(Array.isArray(guardrail) ? [at] : []), 'function'];
      return [{ path, message: missing('guardrail function', one.function, known) }];
    }),
  );
}

function schemaIssues({ tasks }: CrewDefinition, known: Known['schemas']): Issue[] {
  if (!known) return [];
  return issuesIn(Object.entries(tasks), ([key, { output_schema: schema }]): Issue[] =>
    typeof schema !== 'string' || known.includes(schema)
      ? []
      : [{ path: ['tasks', key, 'output_schema'], message: missing('schema', schema, known) }],
  );
}

function missing(what: string, name: string, known: readonly string[]): string {
  return `No ${what} '${clip(name)}' is configured.${known.length === 0 ? ' There are none.' : suggestion(name, known)}`;
}
