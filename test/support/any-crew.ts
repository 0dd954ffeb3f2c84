import fc from 'fast-check';

/** A definition as a document, to be made into a broken one. */
export interface AnyCrew {
  schemaVersion: 1;
  name: string;
  process: 'sequential' | 'parallel' | 'hierarchical';
  inputs: Record<string, object>;
  agents: Record<string, Record<string, unknown>>;
  tasks: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

const key = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,12}$/);
const keys = (min: number, max: number) => fc.uniqueArray(key, { minLength: min, maxLength: max });
const text = fc.string({ minLength: 1, maxLength: 40 }).map((words) => `Say ${words.replace(/[{}]/g, '')}`);
const llm = fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }));
const tools = fc.uniqueArray(fc.constantFrom('calculator', 'now', 'files/*', 'files/read'), { maxLength: 4 });
const guardrail = fc.oneof(text, fc.record({ function: text }));

/** Some of these keys, none with nothing behind it. */
const some = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });

function agentOf(others: string[]) {
  return fc
    .record({
      needed: fc.record({ role: text, goal: text, backstory: text }),
      more: some({
        llm,
        tools,
        max_iter: fc.integer({ min: 1, max: 1_000 }),
        max_retry_limit: fc.integer({ min: 0, max: 10 }),
        allow_delegation: fc.boolean(),
        ...(others.length > 0 && { allowed_agents: fc.subarray(others) }),
      }),
    })
    .map(({ needed, more }) => ({ ...needed, ...more }));
}

function taskOf(agents: string[], readable: string[], inputs: string[], chosen: boolean) {
  const filled = inputs.length > 0 ? fc.constantFrom(...inputs).map((name) => `On {${name}}, not {{this}}`) : text;
  return fc
    .record({
      needed: fc.record({ description: fc.oneof(text, filled), expected_output: text }),
      agent: fc.record({ agent: fc.constantFrom(...agents) }, { requiredKeys: chosen ? [] : ['agent'] }),
      more: some({
        context: fc.subarray(readable),
        context_policy: fc.constantFrom('full', 'summary', 'last'),
        async_execution: fc.boolean(),
        on_failure: fc.constantFrom('fail', 'continue', 'skip_dependents'),
        condition: fc.oneof(text, fc.record({ question: fc.oneof(text, filled) })),
        guardrail: fc.oneof(guardrail, fc.array(guardrail, { minLength: 1, maxLength: 3 })),
        guardrail_max_retries: fc.integer({ min: 0, max: 20 }),
        output_schema: fc.oneof(text, fc.constant({ type: 'object' })),
        tools,
        markdown: fc.boolean(),
        human_input: fc.boolean(),
      }),
    })
    .map(({ needed, agent, more }) => ({ ...needed, ...agent, ...more }));
}

/** Valid definitions of every process, with most keys that there are. In a parallel one, tasks are not in the order of work. */
export const anyCrew: fc.Arbitrary<AnyCrew> = fc
  .record({
    name: key,
    process: fc.constantFrom('sequential' as const, 'parallel' as const, 'hierarchical' as const),
    agents: keys(2, 5),
    tasks: keys(2, 8),
    inputs: keys(0, 3),
    managed: fc.boolean(),
    shuffled: fc.boolean(),
  })
  .chain(({ name, process, agents, tasks, inputs, managed, shuffled }) => {
    const manager = process === 'hierarchical' && managed ? agents[0] : undefined;
    const workers = agents.filter((agent) => agent !== manager);
    const more = {
      planning: fc.boolean(),
      budget: fc.record({
        model_calls: fc.integer({ min: 1, max: 1_000 }),
        on_exceed: fc.constantFrom('stop', 'warn', 'pause'),
      }),
      ...(process === 'parallel' && { max_parallel: fc.integer({ min: 1, max: 100 }) }),
      ...(process === 'hierarchical' && { max_reviews: fc.integer({ min: 0, max: 20 }) }),
    };
    const chosen = process === 'hierarchical';
    const agentEntries = agents.map((agent) => agentOf(workers.filter((other) => other !== agent)));
    const taskEntries = tasks.map((_, at) => taskOf(workers, tasks.slice(0, at), inputs, chosen));
    return fc
      .record({ more: some(more), agents: fc.tuple(...agentEntries), tasks: fc.tuple(...taskEntries) })
      .map((made) => {
        const entries = tasks.map((task, at) => [task, made.tasks[at] ?? {}] as const);
        if (process === 'parallel' && shuffled) entries.reverse();
        return {
          schemaVersion: 1 as const,
          name,
          process,
          inputs: Object.fromEntries(inputs.map((input) => [input, {}])),
          agents: Object.fromEntries(agents.map((agent, at) => [agent, made.agents[at] ?? {}])),
          tasks: Object.fromEntries(entries),
          ...(manager !== undefined && { manager_agent: manager }),
          ...made.more,
        };
      });
  });
