import type { InputValue } from '../contract/views.js';
import type { JsonSchema, ToolPolicy, ToolSpec } from '../contract/wire.js';

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
  /** The provider's id of the call, for traces. */
  callId?: string;
  /** Whose run calls it, for what not everybody may have. Absent: nobody's. */
  tenant?: string;
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
