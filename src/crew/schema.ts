import { z } from 'zod';
import { strict } from './issues.js';

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
  'allow_delegation',
  'cache',
  'code_execution_mode',
  'embedder',
  'function_calling_llm',
  'inject_date',
  'knowledge_sources',
  'max_iter',
  'max_rpm',
  'max_tokens',
  'memory',
  'multimodal',
  'prompt_template',
  'reasoning',
  'respect_context_window',
  'response_template',
  'system_template',
  'tools',
  'use_system_prompt',
  'verbose',
];
const LATER_TASK_KEYS = [
  'async_execution',
  'callback',
  'condition',
  'config',
  'create_directory',
  'guardrail',
  'guardrail_max_retries',
  'markdown',
  'output_file',
  'output_json',
  'output_pydantic',
  'output_schema',
  'tools',
];
const LATER_CREW_KEYS = [
  'cache',
  'knowledge_sources',
  'manager_agent',
  'manager_llm',
  'max_rpm',
  'memory',
  'planning',
  'planning_llm',
  'verbose',
];

/** One agent: who it is and with which model it thinks. */
const agentSchema = strict(
  {
    role: text(1_000),
    goal: text(10_000),
    backstory: text(20_000),
    /** Name of a model that the operator configured; absent: the operator's default. */
    llm: text(200).optional(),
    /** Seconds that the agent may work on one attempt of a task, retries and waits for rate limits included. */
    max_execution_time: z.int('Expected a whole number of seconds').min(1).max(86_400).optional(),
    /** How many more answers are asked for when one is empty. */
    max_retry_limit: z.int().min(0).max(10).default(2),
  },
  LATER_AGENT_KEYS,
);

/** One task: what is to be done, by whom, from what. */
const taskSchema = strict(
  {
    description: text(50_000),
    expected_output: text(20_000),
    /** Key of the agent. */
    agent: z.string({ error: 'Required: expected the key of an agent' }),
    /** Keys of the tasks whose outputs the agent reads. Absent: all earlier tasks (CrewAI's rule); `[]`: none. */
    context: z
      .array(z.string({ error: 'Expected the key of a task' }), {
        error: 'Expected a list of task keys, for example [research]',
      })
      .max(100)
      .optional(),
    /** True: the run waits until a person has approved the output. */
    human_input: z.boolean({ error: 'Expected true or false' }).default(false),
  },
  LATER_TASK_KEYS,
);

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
    process: z.literal('sequential', { error: "Expected 'sequential'" }).default('sequential'),
    agents: z.record(name, agentSchema, { error: 'Required: expected agents by key' }).superRefine(count('agent', 100)),
    tasks: z.record(name, taskSchema, { error: 'Required: expected tasks by key' }).superRefine(count('task', 200)),
  },
  LATER_CREW_KEYS,
);
