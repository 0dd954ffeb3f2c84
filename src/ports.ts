import type { DecisionInput } from './contract/messages.js';
import type { RunEvent } from './contract/events.js';
import type { ApprovalView, CrewRef, InputValue, RunStatus, RunView } from './contract/views.js';
import type { ModelFacts } from './contract/models.js';
import type {
  BlobRef,
  JsonSchema,
  PlainMessage,
  PlainToolCall,
  TokenUsage,
  ToolPolicy,
  ToolSpec,
} from './contract/wire.js';
import type { CrewDefinition } from './crew/types.js';

/** A language model behind some provider. One call, no retries: those are Temporal's. */
export interface ChatModel {
  /**
   * Asks the model. Rejects with a `ModelCallError` where the provider failed, and with the signal's reason where it
   * was aborted.
   */
  call(request: ChatRequest, options: ModelCallOptions): Promise<ChatReply>;
}

/** One question to a model, with every reference resolved. */
export interface ChatRequest {
  /** As definitions name it; absent: the operator's default. */
  model?: string;
  messages: PlainMessage[];
  /** Tools that it may call, natively or through a JSON turn, as the model's entry says. */
  tools?: ToolSpec[];
  /** `none`: it must answer without one, though the conversation has tool calls. */
  toolChoice?: 'none';
  /** The answer shall be JSON of this schema: `response_format` where the provider has it, else said in the prompt. */
  schema?: JsonSchema;
  maxOutputTokens?: number;
}

/** What a model answered. */
export interface ChatReply {
  text: string;
  toolCalls: PlainToolCall[];
  /** As the provider names it. */
  model: string;
  finishReason: string;
  usage: TokenUsage;
  durationMs: number;
}

/** The models that the operator configured. */
export interface ModelRegistry {
  /**
   * What a run needs to know of a model that a definition names: `gpt-4.1`, `openai/gpt-4.1`, `ollama/llama3.2` as CrewAI
   * writes them, or a name of `models.yaml`. Absent name: the operator's default. Undefined: not configured.
   */
  facts(name: string | undefined): ModelFacts | undefined;
  /** The names that definitions may use, for messages. */
  names(): string[];
  /** For a name without facts: why it is not configured, and what to set. A sentence or two. */
  whyNot(name: string): string;
}

/** JSON Schemas, and the JSON in what models write. Nothing is fetched, and nothing runs for long, whatever they are. */
export interface JsonSchemas {
  /** What is wrong with a schema, in words with paths; empty: it can be used. */
  check(schema: JsonSchema): string[];
  /** Why a value does not fit, in words with paths for a model to act on; empty: it fits. */
  validate(schema: JsonSchema, value: unknown): string[];
  /** The JSON of an answer, whatever is around it; undefined: there is none. */
  extract(text: string): unknown;
}

/** Tools that the operator configured, wherever they run: built in, authors' own, of MCP servers. */
export interface ToolRunner {
  /** What definitions may name, for checking them: tools by name, and servers whose `server/tool` names are open. */
  names(): { tools: string[]; servers: string[] };
  /**
   * The tools of these names; `server/*` gives all of a server's.
   * @throws ToolCallError `not_found`; `unavailable` where a server does not answer
   */
  describe(names: readonly string[], signal: AbortSignal): Promise<DescribedTool[]>;
  /** Calls a tool once. @throws ToolCallError, and the signal's reason where it was aborted */
  call(name: string, args: Record<string, unknown>, options: ToolCallOptions): Promise<ToolOutcome>;
}

/** A tool with everything about it. `resultAsAnswer` is what its author set; a definition may set it otherwise. */
export interface DescribedTool extends ToolSpec, ToolPolicy {}

/** What goes with a tool call. */
export interface ToolCallOptions {
  signal: AbortSignal;
  timeoutMs: number;
  /** The same for each attempt of a call, and for no other call: `<workflowId>/<activityId>`. */
  idempotencyKey: string;
}

/** What a tool gave. `isError`: what the tool itself says went wrong, for the model to work with. */
export interface ToolOutcome {
  /** Text, or JSON as text. */
  content: string;
  isError?: boolean;
}

/** Conditions: expressions over the outputs of earlier tasks. */
export interface Conditions {
  /** What is wrong with an expression, in words; empty: it can be evaluated. */
  check(expression: string, names: { tasks: readonly string[]; inputs: readonly string[] }): string[];
  /** @throws Error with words for people where it gives no yes or no */
  evaluate(expression: string, values: ConditionValues): boolean;
}

/** What a condition can look at. */
export interface ConditionValues {
  outputs: Record<string, { raw: string; json?: unknown; status: string }>;
  inputs: Record<string, InputValue>;
}

/** Functions of the operator that check outputs, and schemas that definitions name. */
export interface OutputChecks {
  guardrailNames(): string[];
  schemaNames(): string[];
  /** @throws Error where the operator has no such function, or it threw */
  guardrail(name: string, output: GuardrailInput): Promise<GuardrailVerdict>;
  /** The JSON Schema of this name. */
  schema(name: string): JsonSchema | undefined;
}

/** What a guardrail function looks at. */
export interface GuardrailInput {
  output: string;
  /** The output as JSON, where the task has a schema. */
  json?: unknown;
  inputs: Record<string, InputValue>;
}

/** `ok: false` sends the agent back to work with the feedback; `output` replaces what the agent wrote. */
export type GuardrailVerdict = { ok: true; output?: string } | { ok: false; feedback: string };

/**
 * The store: texts by content, definitions by version, limits over all workers. Every method rejects with a `StoreError`
 * and nothing else. `tenant` is part of every key.
 */
export interface Store {
  /** Keeps a text. The same text is kept once. */
  putText(tenant: string, text: string): Promise<BlobRef>;
  /** Undefined where there is no such text. */
  getText(tenant: string, ref: string): Promise<string | undefined>;
  /**
   * Keeps messages as the continuation of a conversation; gives the digest of the whole. The same messages after the same
   * parent give the same digest.
   */
  appendTranscript(tenant: string, parent: string | undefined, messages: readonly PlainMessage[]): Promise<string>;
  /** The whole conversation; undefined where there is no such digest. */
  readTranscript(tenant: string, digest: string): Promise<PlainMessage[] | undefined>;

  /** Keeps a definition as a new version of its name, or gives the version that has this digest already. Versions count from 1. */
  putDefinition(tenant: string, crew: StoredDefinition): Promise<{ version: number; created: boolean }>;
  /** The newest version, or the given one. */
  getDefinition(
    tenant: string,
    name: string,
    version?: number,
  ): Promise<(StoredDefinition & StoredVersion) | undefined>;
  /** The newest version of each name, by name. */
  listDefinitions(tenant: string): Promise<(StoredDefinition & StoredVersion)[]>;
  /** All versions of a name, newest first. */
  listVersions(tenant: string, name: string): Promise<(StoredVersion & { digest: string })[]>;

  /**
   * Takes `tokens` of a model's tokens per minute, shared by all workers; or says how long until they are there. A request
   * for more than a minute's worth is granted when the bucket is full.
   */
  takeTokens(
    key: string,
    tokens: number,
    perMinute: number,
  ): Promise<{ granted: true } | { granted: false; waitMs: number }>;
  /** Corrects a grant by what was really used: positive takes more, negative gives back. */
  settleTokens(key: string, difference: number, perMinute: number): Promise<void>;

  close(): Promise<void>;
}

/** A definition as it is kept. */
export interface StoredDefinition {
  name: string;
  /** SHA-256 (hex) of the parsed, defaulted definition. */
  digest: string;
  definition: CrewDefinition;
}

/** When which version was made. */
export interface StoredVersion {
  version: number;
  /** ISO 8601. */
  createdAt: string;
}

/** What goes with a model call beside its content. */
export interface ModelCallOptions {
  /** Aborts the call at the provider. */
  signal: AbortSignal;
  /** Names the call at the provider (`X-Client-Request-Id`), the same for each retry: `<workflowId>/<activityId>`. */
  requestId: string;
  /** Longest time without an answer. */
  timeoutMs: number;
}

/** A crew that can be run. */
export interface Crew {
  ref: CrewRef;
  definition: CrewDefinition;
}

/** The crews that the operator provides as files: the same for all tenants. */
export interface CrewFiles {
  list(): readonly Crew[];
  find(name: string): Crew | undefined;
}

/** All crews that a tenant can run: those of files, and definitions kept in the store. Rejects with a `StoreError`. */
export interface CrewCatalog {
  /** The newest version of each, by name. A file's comes before what is stored under its name. */
  list(tenant: string): Promise<readonly CatalogCrew[]>;
  /**
   * The newest version, or the given one: a number of the store's, or the first 8 or more hex digits of a digest. Undefined
   * for any name and version that there is not, also for what can be none.
   */
  find(tenant: string, name: string, version?: string): Promise<CatalogCrew | undefined>;
  /** The versions that can be run, newest first; a file's before those of the store. */
  versions(tenant: string, name: string): Promise<CrewVersion[]>;
  /**
   * Keeps a valid definition as a new version of its name. `existing`: this very definition is kept already, maybe not as the
   * newest version. `taken`: a file has the name, and nothing is kept.
   */
  put(tenant: string, definition: CrewDefinition): Promise<PutCrew>;
  /** SHA-256 (hex) that a definition is known by. */
  digestOf(definition: CrewDefinition): string;
}

/** A crew and where it comes from. */
export interface CatalogCrew extends Crew {
  source: 'file' | 'store';
  /** ISO 8601, of what is stored. */
  createdAt?: string;
}

/** One version of a crew, without its definition. */
export interface CrewVersion {
  ref: CrewRef;
  source: 'file' | 'store';
  /** ISO 8601, of what is stored. */
  createdAt?: string;
}

/** What became of a definition that was to be kept. `newest` false: a later version is what the name alone stands for. */
export type PutCrew = { outcome: 'created' | 'existing'; crew: CatalogCrew; newest: boolean } | { outcome: 'taken' };

/** Reads a definition that was sent as YAML text. */
export type ReadYaml = (
  text: string,
) => { ok: true; document: unknown; placeOf: PlaceOf } | { ok: false; issues: PlacedIssue[] };

/** Where in a text the value of a path stands, or the nearest one above it. Lines and columns from 1. */
export type PlaceOf = (path: readonly (string | number)[]) => { line: number; column: number };

/** What is wrong with a text, and where. */
export interface PlacedIssue {
  message: string;
  line: number;
  column: number;
}

/** What starts a run. */
export interface StartRun {
  tenant: string;
  runId: string;
  crew: Crew;
  inputs: Record<string, InputValue>;
  /** The models that the definition names, as they are configured now: the run keeps to these facts. */
  models: Record<string, ModelFacts>;
  /** The caller's own word for the run; no duplicate check is made on it. */
  label?: string;
  /** Given with an Idempotency-Key: the digest of the request that the run was started by. */
  requestDigest?: string;
}

/** What a start gave. */
export interface Started {
  /** False where a run with this id was there already. */
  created: boolean;
  /** Temporal's id of the execution, for links. */
  executionId: string;
  /** The digest that the run was started with, where `created` is false. */
  requestDigest?: string;
}

/** A run as its readers get it: the view, and what only the server knows. */
export interface RunRecord {
  view: RunView;
  label?: string;
  executionId: string;
  /** Attempts that failed and will be made again, from Temporal's pending activities. */
  retrying: RetryingCall[];
}

/** A call that failed and is waiting for its next attempt. */
export interface RetryingCall {
  /** For example `research/model/1`. */
  activityId: string;
  /** Attempts made so far. */
  attempts: number;
  lastFailure: { code: string; message: string };
  /** ISO 8601; absent while the next attempt is running. */
  nextTryAt?: string;
}

/** One row of a list of runs: what memo and search attributes tell, with no query per row. */
export interface RunRow {
  runId: string;
  executionId: string;
  crew: CrewRef;
  status: RunStatus;
  label?: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
}

/** Which runs to list. */
export interface RunFilter {
  tenant: string;
  crew?: string;
  status?: RunStatus;
  label?: string;
  /** Rows a page. */
  limit: number;
  /** From the page before; opaque. */
  cursor?: string;
}

/**
 * The runs in Temporal. Every method rejects with a `RunsError` and nothing else, whatever the server did.
 */
export interface CrewRuns {
  start(run: StartRun): Promise<Started>;
  get(tenant: string, runId: string): Promise<RunRecord>;
  /** The events with `seq` above `after`, of open and closed runs. */
  events(tenant: string, runId: string, after: number): Promise<RunEvent[]>;
  /** Waits until the run has ended (true), or the signal fires (false). */
  waitForEnd(tenant: string, runId: string, signal: AbortSignal): Promise<boolean>;
  list(filter: RunFilter): Promise<{ rows: RunRow[]; nextCursor?: string }>;
  /** Decides an approval by Update and answers it as decided. The same `updateId` never decides twice. */
  decide(tenant: string, runId: string, decision: DecisionInput, updateId: string): Promise<ApprovalView>;
  /** Decides by Signal: no answer, no check. */
  signalDecision(tenant: string, runId: string, decision: DecisionInput): Promise<void>;
  health(): Promise<RunsHealth>;
}

/** Whether runs can be started and will be worked on. */
export interface RunsHealth {
  temporal: 'ok' | 'unreachable';
  /** `polling` where a worker asked for work within the last `WORKER_FRESH_MS`. */
  worker: 'polling' | 'none' | 'unknown';
}

/** Structured log lines. `fields` first, then a message in the past or present tense, constant for one kind of event. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
