import type { z } from 'zod';
import type { GuardrailInput, GuardrailVerdict } from '../ports.js';

/**
 * Marks what the define functions made, whatever copy of this module made it: a build in `dist/` and the sources beside it
 * are two modules.
 */
const KIND = Symbol.for('agent-orchestration-service/extension');

/** Longest time of one call of a tool that says nothing. */
const DEFAULT_TOOL_TIMEOUT_MS = 30_000;

/** What a tool is called with, beside its input. */
export interface ToolContext {
  /** Fires when the run is cancelled or the time is up: pass it on to whatever you wait for. */
  signal: AbortSignal;
  /** The same for each attempt of this call and for no other call: for APIs that must not do a thing twice. */
  idempotencyKey: string;
  /** How long this attempt may take. */
  timeoutMs: number;
  /** Whose run calls it. Absent: nobody's, as in a test. */
  tenant?: string;
}

/** What a tool gives: a text, or anything that JSON can say. `object` is checked when the tool has run. */
export type ToolResult = string | number | boolean | null | object;

/** A tool as its author describes it. */
export interface ToolDefinition<Input extends z.ZodObject> {
  /** As crew definitions name it: a letter, then letters, digits, `_` or `-`; 64 characters at most. */
  name: string;
  /** For the model: what it does and when to use it, in a sentence or two. */
  description: string;
  /** What the model must give. `.describe()` each field: the model reads that too. */
  input: Input;
  /** Longest time of one attempt. Absent: 30,000. */
  timeoutMs?: number;
  /** True: doing it twice does no harm, so that an attempt that failed or was cut is simply made again. Absent: false. */
  idempotent?: boolean;
  /** True: the same input gives the same result within a run, so that it is not called twice for it. Absent: false. */
  cache?: boolean;
  /** True: what it gives is the task's output, with no further model call. A crew may set it otherwise. Absent: false. */
  resultAsAnswer?: boolean;
  /** True: a person is asked before each call, whatever the crew says. Absent: false. */
  needsApproval?: boolean;
  /**
   * Does the work. What it throws is shown to the model by its message; throw a `ToolCallError` to say that it was `refused`,
   * or that another try may help (`unavailable`).
   */
  run(input: z.output<Input>, context: ToolContext): ToolResult | Promise<ToolResult>;
}

/** What `defineTool` gives. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> extends Required<ToolDefinition<Input>> {
  readonly [KIND]: 'tool';
}

/** A tool for agents. The input's type is that of the schema. */
export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool<Input> {
  return Object.freeze({
    timeoutMs: DEFAULT_TOOL_TIMEOUT_MS,
    idempotent: false,
    cache: false,
    resultAsAnswer: false,
    needsApproval: false,
    ...definition,
    [KIND]: 'tool' as const,
  });
}

/** A check of outputs as its author describes it. */
export interface GuardrailDefinition {
  /** As crew definitions name it: `guardrail: { function: name }`. */
  name: string;
  /** Looks at an output: `ok: false` sends the agent back to work with the feedback, `output` replaces what it wrote. */
  check(input: GuardrailInput): GuardrailVerdict | Promise<GuardrailVerdict>;
}

/** What `defineGuardrail` gives. */
export interface Guardrail extends GuardrailDefinition {
  readonly [KIND]: 'guardrail';
}

/** A guardrail function that tasks may name. */
export function defineGuardrail(definition: GuardrailDefinition): Guardrail {
  return Object.freeze({ ...definition, [KIND]: 'guardrail' as const });
}

/** A schema as its author describes it. */
export interface SchemaDefinition {
  /** As crew definitions name it: `output_schema: name`. */
  name: string;
  /** Given to models as JSON Schema: refinements and transforms have no place in one, and are not checked. */
  schema: z.ZodType;
}

/** What `defineSchema` gives. */
export interface NamedSchema extends SchemaDefinition {
  readonly [KIND]: 'schema';
}

/** A schema of outputs that tasks may name. */
export function defineSchema(definition: SchemaDefinition): NamedSchema {
  return Object.freeze({ ...definition, [KIND]: 'schema' as const });
}

/** What an extension file may export. */
export type Extension = Tool | Guardrail | NamedSchema;

/** Which of the define functions made a value; undefined: none. */
export function kindOf(value: unknown): Extension[typeof KIND] | undefined {
  return typeof value === 'object' && value !== null && KIND in value ? (value as Extension)[KIND] : undefined;
}
