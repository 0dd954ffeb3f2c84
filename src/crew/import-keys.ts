import { distance } from 'fastest-levenshtein';
import { nearest } from './issues.js';
import type { ImportReport } from './import-report.js';
import { entriesOf, isRecord } from './import-values.js';

/** The keys of an agent or a task under the names that CrewAI gives them. */
export type Fields = Map<string, unknown>;

/** What the keys of one kind of thing mean here. */
export interface KeyTable {
  taken: readonly string[];
  /** Other names of keys that are taken, as people write them. */
  aliases: Readonly<Record<string, string>>;
  /** Keys of CrewAI without a meaning here: what to do instead, or why nothing is lost. */
  idle: Readonly<Record<string, string>>;
  /** Keys that name something in Python: what to write instead. */
  python: Readonly<Record<string, string>>;
}

const PROMPTS = 'Prompts are made by this service; write what is to be said into goal, backstory or description';
const PROGRESS = 'Nothing is lost: the run view and its events always show the progress';
const MEMORY = 'Runs share no memory; what a task has to know comes from its context and inputs';
const KNOWLEDGE =
  'Knowledge files are not read; give the agent the tool read_file, or write what it has to know into backstory';
const EVENTS = 'Python functions are not called; read the events of a run instead';

export const AGENT_KEYS: KeyTable = {
  taken: [
    'role',
    'goal',
    'backstory',
    'llm',
    'tools',
    'max_iter',
    'max_rpm',
    'max_execution_time',
    'max_retry_limit',
    'max_tokens',
    'allow_delegation',
    'allowed_agents',
    'cache',
    'respect_context_window',
  ],
  aliases: {
    back_story: 'backstory',
    background: 'backstory',
    model: 'llm',
    llm_model: 'llm',
    objective: 'goal',
    goals: 'goal',
    max_iterations: 'max_iter',
    title: 'role',
  },
  idle: {
    verbose: PROGRESS,
    memory: MEMORY,
    knowledge: KNOWLEDGE,
    knowledge_sources: KNOWLEDGE,
    knowledge_config: KNOWLEDGE,
    embedder: MEMORY,
    embedder_config: MEMORY,
    system_template: PROMPTS,
    prompt_template: PROMPTS,
    response_template: PROMPTS,
    use_system_prompt: PROMPTS,
    use_stop_words: PROMPTS,
    inject_date: 'Give the agent the tool now, or the date as an input',
    date_format: 'Give the agent the tool now, or the date as an input',
    reasoning: 'Agents do not plan by themselves; planning: true plans for the whole crew',
    max_reasoning_attempts: 'Agents do not plan by themselves; planning: true plans for the whole crew',
    planning: 'Agents do not plan by themselves; planning: true plans for the whole crew',
    planning_config: 'Agents do not plan by themselves; planning: true plans for the whole crew',
    multimodal: 'Agents read and write text',
    allow_code_execution: 'Agents run no code; a tool of yours can',
    code_execution_mode: 'Agents run no code; a tool of yours can',
    function_calling_llm: "Tools are called by the agent's own model",
    temperature: 'It is set for the model, in models.yaml',
    config: 'It holds nothing that is read here',
    name: 'The key and the role name the agent',
    id: 'The key names the agent',
    type: 'There is one kind of agent',
    apps: 'Tools of other services are configured as MCP servers',
    skills: KNOWLEDGE,
    a2a: 'Agents of other services are not called',
    security_config: 'It has no meaning here',
    fingerprint: 'It has no meaning here',
  },
  python: {
    step_callback: EVENTS,
    callbacks: EVENTS,
    guardrail: 'Checks belong to tasks: set guardrail there',
    guardrail_max_retries: 'Checks belong to tasks: set guardrail there',
    agent_executor: 'Python functions are not called',
    mcps: 'Configure the MCP server with the operator, and name its tools as server/*',
    mcp_servers: 'Configure the MCP server with the operator, and name its tools as server/*',
  },
};

export const TASK_KEYS: KeyTable = {
  taken: [
    'description',
    'expected_output',
    'agent',
    'context',
    'tools',
    'async_execution',
    'human_input',
    'output_file',
    'markdown',
    'guardrail',
    'guardrails',
    'guardrail_max_retries',
    'max_retries',
    'condition',
    'output_json',
    'output_pydantic',
    'output_schema',
    'response_model',
  ],
  aliases: {
    task: 'description',
    prompt: 'description',
    instructions: 'description',
    expected_outputs: 'expected_output',
    output: 'expected_output',
    agents: 'agent',
    agent_name: 'agent',
    assigned_to: 'agent',
    assigned_agent: 'agent',
    depends_on: 'context',
    dependencies: 'context',
    async: 'async_execution',
  },
  idle: {
    verbose: PROGRESS,
    name: 'The key names the task',
    id: 'The key names the task',
    type: 'There is one kind of task; condition says when it runs',
    create_directory: 'Files are artifacts of the run, and need no folder',
    input_files: 'Files are not read; give the agent the tool read_file',
    allow_crewai_trigger_context: 'What starts a run gives it as inputs',
    security_config: 'It has no meaning here',
    prompt_context: PROMPTS,
    config: 'It holds nothing that is read here',
    llm: "The agent's model does the task: set llm there",
    priority: 'The order of tasks and their context say what comes first',
  },
  python: {
    callback: EVENTS,
    callbacks: EVENTS,
    converter_cls: 'Set output_schema to a JSON Schema, or to the name of a schema of yours',
  },
};

/** Keys of a crew that are taken elsewhere (`import-process.ts`) and those without a meaning. */
export const CREW_KEYS: KeyTable = {
  taken: [
    'name',
    'description',
    'process',
    'manager_llm',
    'manager_agent',
    'planning',
    'planning_llm',
    'max_rpm',
    'cache',
    'inputs',
  ],
  aliases: {},
  idle: {
    verbose: PROGRESS,
    memory: MEMORY,
    memory_config: MEMORY,
    embedder: MEMORY,
    short_term_memory: MEMORY,
    long_term_memory: MEMORY,
    entity_memory: MEMORY,
    external_memory: MEMORY,
    knowledge: KNOWLEDGE,
    knowledge_sources: KNOWLEDGE,
    skills: KNOWLEDGE,
    full_output: 'A result has the outputs of all tasks',
    share_crew: 'Nothing is sent to anybody',
    tracing: 'Traces go where OpenTelemetry is configured to',
    stream: 'The events of a run are read as they come',
    output_log_file: PROGRESS,
    prompt_file: PROMPTS,
    language: PROMPTS,
    function_calling_llm: "Tools are called by the agent's own model",
    chat_llm: 'Crews are not chatted with',
    config: 'It holds nothing that is read here',
    security_config: 'It has no meaning here',
    id: 'The name is what runs name the crew by',
    version: 'Versions are counted by this service',
  },
  python: {
    step_callback: EVENTS,
    task_callback: EVENTS,
    before_kickoff_callbacks: EVENTS,
    after_kickoff_callbacks: EVENTS,
  },
};

/** A key as CrewAI writes it: `Expected Output` and `expectedOutput` are `expected_output`. */
export function canonicalKey(key: string): string {
  return key
    .trim()
    .replace(/:$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();
}

/** Nested maps whose keys count as if they stood beside them. */
const WRAPPERS = ['settings', 'config'];

/**
 * The keys of a map by the names of CrewAI, what is misspelt under what was meant. What has no meaning is said in the report
 * and left out.
 */
export function fieldsOf(map: Record<string, unknown>, table: KeyTable, path: string, report: ImportReport): Fields {
  const fields: Fields = new Map();
  const later: [key: string, canonical: string, value: unknown][] = [];
  for (const [key, value] of entriesOf(map)) {
    const canonical = canonicalKey(key);
    if (WRAPPERS.includes(canonical) && isRecord(value)) {
      for (const [name, inner] of fieldsOf(value, table, path, report)) if (!fields.has(name)) fields.set(name, inner);
    } else if (table.taken.includes(canonical)) fields.set(canonical, value);
    else later.push([key, canonical, value]);
  }
  for (const [key, canonical, value] of later) placeOther(fields, { key, canonical, value }, table, path, report);
  return fields;
}

/** A key that is not among those taken: another name of one, one without a meaning, one of Python's, or a slip of the pen. */
function placeOther(
  fields: Fields,
  { key, canonical, value }: { key: string; canonical: string; value: unknown },
  table: KeyTable,
  path: string,
  report: ImportReport,
): void {
  const at = `${path}.${key.trim()}`;
  const meant = ownValue(table.aliases, canonical);
  if (meant !== undefined && !fields.has(meant)) {
    report.warnings.push({ path: at, message: `Read as ${meant}` });
    fields.set(meant, value);
    return;
  }
  const python = ownValue(table.python, canonical);
  if (python !== undefined) {
    if (isSaid(value)) report.unknown.push({ path: at, message: `Left out. ${python}` });
    return;
  }
  const idle = ownValue(table.idle, canonical);
  if (idle !== undefined) {
    report.warnings.push({ path: at, message: `Left out. ${idle}` });
    return;
  }
  const near = nearest(canonical, table.taken);
  if (near !== undefined && isSlip(canonical, near) && !fields.has(near)) {
    report.warnings.push({ path: at, message: `Read as ${near}: no key has this name` });
    fields.set(near, value);
    return;
  }
  report.warnings.push({ path: at, message: 'Left out: neither CrewAI nor this service has a key of this name' });
}

/** Fewer letters make fewer slips: `tone` is not `role`. */
function isSlip(key: string, meant: string): boolean {
  return distance(key, meant) <= (key.length < 6 ? 1 : 2);
}

function isSaid(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false && value !== '';
}

function ownValue(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
