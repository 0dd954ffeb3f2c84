import { z } from 'zod';
import { strict } from './issues.js';
import { budgetApprovalSchema, taskApprovalSchema, toolApprovalSchema } from './schema-approval.js';
import { MAX_AGENTS, MAX_LIST, MAX_TASKS } from './size.js';

/** Keys of agents, tasks and inputs, and names of crews: they become parts of ids and URLs. */
export const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const name = z
  .string()
  .regex(NAME_PATTERN, 'Expected a letter followed by letters, digits, _ or - (64 characters at most)');
const text = (maxChars: number) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? 'Required: expected a text' : 'Expected a text') })
    .trim()
    .min(1, 'Expected a text, found an empty one')
    .max(maxChars, `Expected at most ${maxChars} characters`);

const LATER_AGENT_KEYS = [
  'allow_code_execution',
  'code_execution_mode',
  'embedder',
  'function_calling_llm',
  'inject_date',
  'knowledge_sources',
  'memory',
  'multimodal',
  'prompt_template',
  'reasoning',
  'response_template',
  'system_template',
  'use_system_prompt',
  'verbose',
];
const LATER_TASK_KEYS = ['callback', 'config', 'create_directory', 'output_json', 'output_pydantic'];
const LATER_CREW_KEYS = ['knowledge_sources', 'memory', 'verbose'];

const flag = z.boolean({ error: 'Expected true or false' });
const wholeNumber = (what: string, min: number, max: number) =>
  z.int(`Expected ${what}`).min(min, `Expected ${what}, at least ${min}`).max(max, `Expected ${what}, at most ${max}`);

/** One model, or several: the next one is asked where the one before fails. */
const llm = z.union([text(200), z.array(text(200)).min(1).max(5)], {
  error: 'Expected the name of a model, or a list of up to 5 names in the order in which to fall back',
});

/** A tool that the operator configured: by name, or with how it is used here. `server/tool`, `server/*` for MCP servers. */
const toolUse = z.union(
  [
    text(200),
    strict({
      name: text(200),
      /** True: what the tool gives is the task's output, with no further model call. */
      result_as_answer: flag.optional(),
      /** False: never answered from an earlier call with the same arguments. */
      cache: flag.optional(),
      /** A person is asked before each call. */
      approval: toolApprovalSchema.optional(),
    }),
  ],
  { error: 'Expected the name of a tool, or { name, result_as_answer, cache, approval }' },
);
const tools = z.array(toolUse, { error: 'Expected a list of tools' }).max(MAX_LIST);

/** One agent: who it is, with which model it thinks and what it may use. */
const agentSchema = strict(
  {
    role: text(1_000),
    goal: text(10_000),
    backstory: text(20_000),
    /** Absent: the operator's default model. */
    llm: llm.optional(),
    tools: tools.optional(),
    /** Model calls that one attempt at a task may take before the agent must answer in one last call. Absent: 20. */
    max_iter: wholeNumber('a whole number of model calls', 1, 1_000).optional(),
    /** Requests a minute that this agent makes at most, in one run. */
    max_rpm: wholeNumber('a whole number of requests a minute', 1, 100_000).optional(),
    /** Seconds that the agent may work on one attempt of a task, retries and waits for rate limits included. */
    max_execution_time: z.int('Expected a whole number of seconds').min(1).max(86_400).optional(),
    /** How many more answers are asked for when one is empty. */
    max_retry_limit: z.int().min(0).max(10).default(2),
    /** Longest answer in tokens. Absent: the model's setting. */
    max_tokens: wholeNumber('a whole number of tokens', 1, 1_000_000).optional(),
    /** True: the agent may hand work to, and ask, its coworkers. Absent: false. */
    allow_delegation: flag.optional(),
    /** Keys of the agents that it may hand work to. Absent: all others. */
    allowed_agents: z.array(z.string()).max(MAX_LIST).optional(),
    /** False: its tools are always called, also with arguments that were used before. Absent: true. */
    cache: flag.optional(),
    /** True: what no longer fits the model's context window is left out, oldest tool results first. Absent: true. */
    respect_context_window: flag.optional(),
  },
  LATER_AGENT_KEYS,
);

/** A yes/no question that decides whether a task runs: an expression over earlier outputs, or a question to a model. */
const condition = z.union([text(2_000), strict({ question: text(5_000), llm: llm.optional() })], {
  error: 'Expected an expression over earlier outputs, or { question: a yes/no question for a model }',
});

/** A check of the output: a text that a model judges by, or a function that the operator provides. */
const guardrail = z.union([text(5_000), strict({ function: text(200) })], {
  error: 'Expected a text that a model judges by, or { function: the name of a guardrail function }',
});

export const ON_FAILURE = ['fail', 'continue', 'skip_dependents'] as const;
export const CONTEXT_POLICIES = ['full', 'summary', 'last'] as const;

/** One task: what is to be done, by whom, from what. */
const taskSchema = strict(
  {
    description: text(50_000),
    expected_output: text(20_000),
    /** Key of the agent. Only in a hierarchical crew may it be absent: its manager then chooses. */
    agent: z.string({ error: 'Expected the key of an agent' }).optional(),
    /** Keys of the tasks whose outputs the agent reads. Absent: all earlier tasks (CrewAI's rule), none in a parallel crew. */
    context: z
      .array(z.string({ error: 'Expected the key of a task' }), {
        error: 'Expected a list of task keys, for example [research]',
      })
      .max(MAX_LIST)
      .optional(),
    /** What is passed on where the outputs together do not fit the model's window. Absent: `full`. */
    context_policy: z.enum(CONTEXT_POLICIES, { error: `Expected one of: ${CONTEXT_POLICIES.join(', ')}` }).optional(),
    /** Instead of the agent's own tools. */
    tools: tools.optional(),
    /** True: later tasks start without waiting for this one, unless they read it. */
    async_execution: flag.optional(),
    condition: condition.optional(),
    /** What a failure of this task means for the run. Absent: `fail`. */
    on_failure: z.enum(ON_FAILURE, { error: `Expected one of: ${ON_FAILURE.join(', ')}` }).optional(),
    guardrail: z
      .union([guardrail, z.array(guardrail).min(1).max(10)], {
        error:
          'Expected a text that a model judges by, { function: the name of a guardrail function }, or a list of these',
      })
      .optional(),
    /** How often the agent may work on the output again before the task fails. Absent: 3. */
    guardrail_max_retries: wholeNumber('a whole number of retries', 0, 20).optional(),
    /** The output is JSON of this schema: a JSON Schema, or the name of one that the operator provides. */
    output_schema: z
      .union([text(200), z.record(z.string(), z.unknown())], {
        error: 'Expected a JSON Schema, or the name of a schema that the operator provides',
      })
      .optional(),
    /** The output is also kept as an artifact of this name: a relative path. */
    output_file: text(300).optional(),
    /** True: the agent is asked to write Markdown. */
    markdown: flag.optional(),
    /** True: the run waits until a person has approved the output. */
    human_input: flag.default(false),
    /** The same, with who is asked, what, which actions they have, and until when. */
    approval: taskApprovalSchema.optional(),
  },
  LATER_TASK_KEYS,
);

export const ON_EXCEED = ['stop', 'pause', 'warn'] as const;

/** What a run may spend. Checked before each model call: it overshoots by the calls that are in flight, at most. */
const budgetSchema = strict({
  tokens: wholeNumber('a whole number of tokens', 1, 1e12).optional(),
  usd: z.number('Expected an amount in US dollars').positive('Expected more than 0').max(1e9).optional(),
  model_calls: wholeNumber('a whole number of model calls', 1, 1e9).optional(),
  /** Seconds. */
  wall_time: wholeNumber('a whole number of seconds', 1, 365 * 86_400).optional(),
  /** `stop`: the run ends with the outputs that are finished. `pause`: a person decides. `warn`: an event. Absent: `stop`. */
  on_exceed: z.enum(ON_EXCEED, { error: `Expected one of: ${ON_EXCEED.join(', ')}` }).optional(),
  /** With `on_exceed: pause`: who is asked, and until when. */
  approval: budgetApprovalSchema.optional(),
});

export const PROCESSES = ['sequential', 'parallel', 'hierarchical'] as const;

const INPUT_TYPES = ['string', 'number', 'integer', 'boolean'] as const;

/** One declared input. `required` unless it has a default. */
const inputSchema = strict({
  description: text(1_000).optional(),
  type: z.enum(INPUT_TYPES, { error: `Expected one of: ${INPUT_TYPES.join(', ')}` }).default('string'),
  required: z.boolean({ error: 'Expected true or false' }).optional(),
  default: z.union([z.string(), z.number(), z.boolean()], { error: 'Expected a text, number or boolean' }).optional(),
  /** Longest text, in characters. */
  max_length: z.int().min(1).max(100_000).default(10_000),
});

/** `[topic]` is short for `{ topic: {} }`, and so is a key with nothing behind it. */
function inputsAsMap(value: unknown): unknown {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return Object.fromEntries(value.map((item) => [item, {}]));
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, spec]) => [key, spec ?? {}]));
}

const count = (what: string, max: number) => (map: Record<string, unknown>, context: z.RefinementCtx) => {
  const size = Object.keys(map).length;
  if (size === 0) context.addIssue({ code: 'custom', message: `Expected at least one ${what}` });
  if (size > max) context.addIssue({ code: 'custom', message: `Expected at most ${max} ${what}s, found ${size}` });
};

/**
 * A crew definition, schema version 1. Strict: an unknown key is an error. The order of `tasks` is the order in which a
 * sequential crew works. Cross-field rules are in `validate.ts`.
 */
export const crewSchema = strict(
  {
    schemaVersion: z.literal(1, { error: 'Required: expected 1, the version of this format' }),
    name,
    description: text(5_000).optional(),
    inputs: z.preprocess(inputsAsMap, z.record(name, inputSchema)).default({}),
    process: z.enum(PROCESSES, { error: `Expected one of: ${PROCESSES.join(', ')}` }).default('sequential'),
    /** Tasks that run at the same time, at most. Absent: 10. */
    max_parallel: wholeNumber('a whole number of tasks', 1, 100).optional(),
    /** The model that manages a hierarchical crew. */
    manager_llm: llm.optional(),
    /** Key of the agent that manages a hierarchical crew; it works on no task itself. */
    manager_agent: z.string({ error: 'Expected the key of an agent' }).optional(),
    /** How often the manager may send one task's work back. Absent: 2. */
    max_reviews: wholeNumber('a whole number of reviews', 0, 20).optional(),
    /** True: a plan for each task is made before the first one starts. */
    planning: flag.optional(),
    /** The model that plans. Absent: the operator's default. */
    planning_llm: llm.optional(),
    /** Requests a minute that the whole run makes at most. */
    max_rpm: wholeNumber('a whole number of requests a minute', 1, 100_000).optional(),
    /** False: tools are always called, also with arguments that were used before. Absent: true. */
    cache: flag.optional(),
    budget: budgetSchema.optional(),
    agents: z
      .record(name, agentSchema, { error: 'Required: expected agents by key' })
      .superRefine(count('agent', MAX_AGENTS)),
    tasks: z
      .record(name, taskSchema, { error: 'Required: expected tasks by key' })
      .superRefine(count('task', MAX_TASKS)),
  },
  LATER_CREW_KEYS,
);
