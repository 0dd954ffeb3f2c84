/**
 * JSON-only types of model and tool calls, as they cross the wire between workflow and activity and stand in a run's
 * history. Provider objects (LangChain messages, raw HTTP responses) are left out on purpose: their shape changes with the
 * library, and a history must stay readable by a newer worker. What is longer than `INLINE_CHARS` is left out too: it lies
 * in the store, and the history holds its digest.
 */

import type { ApprovalAction, ApprovalView, DecidedVia } from './views.js';

/** A text in the store, by its content. */
export interface BlobRef {
  /** SHA-256 (hex) of the text's UTF-8. */
  ref: string;
  /** Length in UTF-16 code units. */
  chars: number;
}

/** A text: as it is where it is short, else by reference. */
export type Text = string | BlobRef;

/** A part of a message: a text, or a piece of one in the store. */
export type Piece = string | (BlobRef & { clip?: Clip });

/** Which part of a stored text is meant: `chars` from its start or its end; the rest is left out, and said so. */
export interface Clip {
  keep: 'start' | 'end';
  chars: number;
}

/** A JSON Schema (2020-12 as far as providers know it). */
export type JsonSchema = Record<string, unknown>;

/** What a model asks a tool to do. */
export interface ToolCall {
  /** The provider's id of the call, which its result must carry. */
  id: string;
  /** The name as the model gave it. */
  name: string;
  /** Absent where they are no JSON object: see `invalid`. By reference where they are long. */
  arguments?: Record<string, unknown> | BlobRef;
  /** Why the call cannot be made, in words for the model: no such tool, arguments that are no JSON. */
  invalid?: string;
}

/** One message of a conversation. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** Pieces are put together without anything between them. */
  content: Piece | Piece[];
  /** Of an `assistant`. */
  toolCalls?: ToolCall[];
  /** Of a `tool`: which call it answers, */
  toolCallId?: string;
  /** and the tool's name. */
  toolName?: string;
}

/** One message with every reference resolved: what models are asked with, and what transcripts are made of. */
export interface PlainMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  toolCalls?: PlainToolCall[];
  toolCallId?: string;
  toolName?: string;
}

/** A tool call with its arguments resolved. `invalid` as in `ToolCall`; `raw`: what the model gave instead of JSON. */
export interface PlainToolCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  invalid?: string;
  raw?: string;
}

/** A tool as models are told of it. */
export interface ToolSpec {
  /** As the operator and crew definitions name it: `calculator`, or `server/tool` for one of an MCP server. */
  name: string;
  description: string;
  /** JSON Schema of the arguments, an object. */
  parameters: JsonSchema;
}

/** How a tool is called: the part of it that the workflow decides by. */
export interface ToolPolicy {
  name: string;
  /** Longest time of one attempt. */
  timeoutMs: number;
  /** True: an attempt that failed or was cut may simply be made again. */
  idempotent: boolean;
  /** True: the same arguments give the same result within a run. */
  cacheable: boolean;
  /** True: what it gives is the task's output. */
  resultAsAnswer: boolean;
  /** Where a person is asked before each call: what they may change its arguments to. */
  argumentsSchema?: JsonSchema;
  /** True: its author wants a person asked before each call. */
  needsApproval?: true;
}

/** A coworker that delegation tools may name. */
export interface Coworker {
  /** The agent's key. */
  key: string;
  role: string;
  goal: string;
}

/** What the workflow asks of `prepareTurn`, once for each attempt of an agent that has tools or a schema. */
export interface TurnRequest {
  /** Names of tools, as definitions name them. */
  tools: { name: string; resultAsAnswer?: boolean; cache?: boolean; approval?: boolean }[];
  /** Not empty: the agent gets the delegation tools. */
  coworkers: Coworker[];
  /** The schema of the final answer, or the name of one that the operator provides. */
  schema?: JsonSchema | string;
}

/** What `prepareTurn` gives: pinned for the attempt, whatever changes at the operator's or an MCP server meanwhile. */
export interface TurnKit {
  /** Digest of a `StoredKit` in the store. */
  kit: string;
  tools: ToolPolicy[];
}

/** What a kit's digest stands for. */
export interface StoredKit {
  tools: ToolSpec[];
  schema?: JsonSchema;
}

/** What the workflow asks of the `callModel` activity. */
export interface ModelRequest {
  /** Name of a model that the operator configured; absent: the operator's default. */
  model?: string;
  /** What comes after `transcript`, or the whole conversation. */
  messages: ChatMessage[];
  /** Digest of the conversation so far. */
  transcript?: string;
  /** True: the conversation with the answer is kept, and the reply has its digest. */
  keep?: boolean;
  /** Tools and schema, from `prepareTurn`. */
  kit?: string;
  /** A short schema of the answer, instead of the kit's. */
  schema?: JsonSchema;
  /** `none`: the model must answer without a tool. Absent: it may call those of the kit. */
  toolChoice?: 'none';
  /** Longest answer, in tokens. */
  maxOutputTokens?: number;
  /** True: what does not fit the model's window is left out, oldest tool results first. */
  fitWindow?: boolean;
}

/** Tokens of one or several model calls. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  /** The part of `inputTokens` that the provider read from its cache. */
  cachedInputTokens: number;
  /** The part of `outputTokens` that was spent on reasoning. */
  reasoningTokens: number;
}

/** Attempts of an activity before the one that succeeded. */
export interface EarlierAttempts {
  /** The provider answered with an error, or not at all. */
  failed: number;
  /** Cut, with the worker: whether they were paid for is not known. */
  unknown: number;
  /** What the failed ones took, as far as their providers said before they broke off. */
  usage?: TokenUsage;
}

/** What the `callModel` activity returns. An answer that was paid for is returned, whatever its quality. */
export interface ModelReply {
  /** The answer; empty where it is in `textRef`. With a schema that it fits: as JSON. */
  text: string;
  textRef?: BlobRef;
  toolCalls?: ToolCall[];
  /** With a schema: why the answer does not fit it, in words for the model. Absent: it fits. */
  schemaIssues?: string[];
  /** The model that answered, as the provider names it. */
  model: string;
  /** The provider's word, for example `stop` or `length`; `size` when the text was cut at `MAX_OUTPUT_CHARS`. */
  finishReason: string;
  usage: TokenUsage;
  /** Wall time of the successful attempt. */
  durationMs: number;
  /** With `keep`: the digest of the conversation with this answer, */
  transcript?: string;
  /** Present where there were any. */
  earlier?: EarlierAttempts;
  /** With `fitWindow`: characters of the conversation that were left out. */
  leftOutChars?: number;
}

/** What the workflow asks of the `callTool` activity. */
export interface ToolRequest {
  /** The tool's name as in its policy. */
  name: string;
  arguments: Record<string, unknown> | BlobRef;
  /** The provider's id of the call, for traces. */
  callId?: string;
}

/** What the `callTool` activity returns: also where the tool could not do it, for the model to work with. */
export interface ToolReply {
  content: Text;
  /** True: `content` says what was wrong. */
  isError?: boolean;
  durationMs: number;
}

/** What the workflow asks of `checkOutput`: guardrail functions in order, up to the first that refuses. */
export interface CheckRequest {
  output: Text;
  /** True: the output is JSON by a schema. */
  json: boolean;
  functions: string[];
  inputs: Record<string, string | number | boolean>;
}

/** What `checkOutput` found. `output`: what functions made of it, where they changed it. */
export type CheckReply = { ok: true; output?: Text } | { ok: false; function: string; feedback: string };

/** A decision on an approval, as it is sent. */
export interface DecisionInput {
  approvalId: string;
  action: ApprovalAction;
  /** Who decides. */
  by: string;
  /** For `reject`: what the agent shall do differently. */
  feedback?: string;
  /** For `edit` of an output: the person's, */
  output?: string;
  /** or where the store has it. */
  outputRef?: BlobRef;
  /** For `edit` of a tool call: what it shall be made with. */
  arguments?: Record<string, unknown>;
  /** With `approve`, where the approval has an `answerSchema`. */
  answer?: unknown;
  /** True: who sent it has checked output, arguments and answer against the approval's schemas. */
  checked?: true;
  /** Absent: by the way that it came. */
  via?: DecidedVia;
  /** False: `by` was checked. Absent: a claim. */
  byClaimed?: false;
}

/** What the workflow asks of `checkDecision`: a decision that came by signal, and what it decides. */
export interface DecisionCheck {
  approval: ApprovalView;
  decision: DecisionInput;
}

/** What `checkDecision` found: the decision as it can be taken, or why it cannot. */
export type CheckedDecision = { ok: true; decision: DecisionInput } | { ok: false; problems: string[] };

/** What the workflow asks of `evaluateCondition`: an expression over the tasks so far. */
export interface ConditionRequest {
  expression: string;
  tasks: { id: string; status: string; output?: Text; json: boolean }[];
  inputs: Record<string, string | number | boolean>;
}

/** Longest text that a history carries itself, in UTF-16 code units; a longer one lies in the store. */
export const INLINE_CHARS = 4_000;

/**
 * Longest output of one task, in UTF-16 code units. Temporal refuses payloads over 2 MB by failing the workflow task for
 * ever, and prompts are made of outputs: so there is a bound, in our own code.
 */
export const MAX_OUTPUT_CHARS = 200_000;

/** Longest prompt of one model call, in UTF-16 code units. */
export const MAX_PROMPT_CHARS = 4_000_000;
