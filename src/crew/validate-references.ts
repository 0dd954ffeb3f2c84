import { clip, suggestion, type Issue } from './issues.js';
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
  return modelUses(definition)
    .filter(({ name }) => !models(name))
    .map(({ path, name }) => ({
      path,
      message: whyNoModel?.(name) ?? `The model '${clip(name)}' is not configured.${suggestion(name, modelNames)}`,
    }));
}

type Tools = NonNullable<CrewDefinition['agents'][string]['tools']>;

function toolIssues({ agents, tasks }: CrewDefinition, known: Known['tools']): Issue[] {
  return [
    ...Object.entries(agents).flatMap(([key, { tools }]) => toolListIssues(tools, ['agents', key, 'tools'], known)),
    ...Object.entries(tasks).flatMap(([key, { tools }]) => toolListIssues(tools, ['tasks', key, 'tools'], known)),
  ];
}

function toolListIssues(tools: Tools | undefined, above: string[], known: Known['tools']): Issue[] {
  const seen = new Set<string>();
  return (tools ?? []).flatMap((use, at) => {
    const path = typeof use === 'string' ? [...above, at] : [...above, at, 'name'];
    const name = typeof use === 'string' ? use : use.name;
    const problem = seen.has(name) ? 'This tool is in the list already' : toolProblem(name, known);
    seen.add(name);
    return problem === undefined ? [] : [{ path, message: problem }];
  });
}

function toolProblem(name: string, known: Known['tools']): string | undefined {
  const slash = name.indexOf('/');
  const [server, tool] = [name.slice(0, slash), name.slice(slash + 1)];
  if (slash >= 0 && (server === '' || tool === '')) {
    return `Expected the name of a tool, server/tool or server/*, found '${clip(name)}'`;
  }
  if (!known || known.tools.includes(name)) return undefined;
  const { tools, servers } = known;
  if (slash >= 0) {
    return servers.includes(server)
      ? undefined
      : `No server '${clip(server)}' of tools is configured.${suggestion(server, servers)}`;
  }
  if (servers.includes(name))
    return `'${name}' is a server of tools: write ${name}/* for all of its tools, or ${name}/tool`;
  const names = [...tools, ...servers.map((one) => `${one}/*`)];
  return `No tool '${clip(name)}' is configured.${names.length === 0 ? ' There are none.' : suggestion(name, names)}`;
}

function guardrailIssues({ tasks }: CrewDefinition, known: Known['guardrails']): Issue[] {
  if (!known) return [];
  return Object.entries(tasks).flatMap(([key, { guardrail = [] }]) =>
    (Array.isArray(guardrail) ? guardrail : [guardrail]).flatMap((one, at): Issue[] => {
      if (typeof one === 'string' || known.includes(one.function)) return [];
      const path = ['tasks', key, 'guardrail', ...(Array.isArray(guardrail) ? [at] : []), 'function'];
      return [{ path, message: missing('guardrail function', one.function, known) }];
    }),
  );
}

function schemaIssues({ tasks }: CrewDefinition, known: Known['schemas']): Issue[] {
  if (!known) return [];
  return Object.entries(tasks).flatMap(([key, { output_schema: schema }]): Issue[] =>
    typeof schema !== 'string' || known.includes(schema)
      ? []
      : [{ path: ['tasks', key, 'output_schema'], message: missing('schema', schema, known) }],
  );
}

function missing(what: string, name: string, known: readonly string[]): string {
  return `No ${what} '${clip(name)}' is configured.${known.length === 0 ? ' There are none.' : suggestion(name, known)}`;
}
