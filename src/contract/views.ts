import type { BlobRef, JsonSchema, TokenUsage } from './wire.js';

/** Where a run stands. `queued`, `stopped` are reached by later features; readers must accept them all. */
export const RUN_STATUSES = [
  'queued',
  'running',
  'waiting_human',
  'completed',
  'failed',
  'cancelled',
  'stopped',
  'timed_out',
  'terminated',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Where a task stands. */
export const TASK_STATUSES = [
  'pending',
  'running',
  'waiting_human',
  'completed',
  'failed',
  'skipped',
  'cancelled',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Which crew a run executes: `digest` is the SHA-256 (hex) of the parsed, defaulted definition. */
export interface CrewRef {
  name: string;
  version: string;
  digest: string;
}

/** What model calls took, in sum. */
export interface Usage extends TokenUsage {
  /** Calls that were answered. */
  calls: number;
  /** Calls that the provider refused or broke off; their tokens are not known. */
  failedCalls: number;
  /** Calls that were cut together with the worker: whether they were paid for is not known. */
  unknownCalls: number;
  /** US dollars, by the prices that were configured when the run started; 0 where there are none. */
  usd: number;
  /** Wall time of the answered calls. */
  durationMs: number;
}

/** The sum of nothing. */
export function noUsage(): Usage {
  return {
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
    reasoningTokens: 0,
    calls: 0,
    failedCalls: 0,
    unknownCalls: 0,
    usd: 0,
    durationMs: 0,
  };
}

/** Adds to a sum, which may be of tokens alone. */
export function addUsage<U extends TokenUsage>(sum: U, more: U): void {
  for (const key of Object.keys(more) as (keyof TokenUsage)[]) sum[key] += more[key];
}

/** What one attempt at a task took. */
export interface AttemptView {
  /** From 1. */
  attempt: number;
  usage: Usage;
  /** Why another attempt followed. */
  sentBack?: { by: 'person' | 'guardrail' | 'manager'; reason: string };
}

/** An output that was not passed on whole: it did not fit the model's window. */
export interface ContextView {
  /** The task whose output it is. */
  taskId: string;
  chars: number;
  /** How much of it, or of its summary, the agent was given. */
  givenChars: number;
  how: 'clipped' | 'summarized' | 'left_out';
}

/** Why a task or a run failed, in words for people. `code` is stable, for example `Model.RateLimited`. */
export interface FailureView {
  code: string;
  message: string;
  taskId?: string;
}

/** One task of a run. */
export interface TaskView {
  id: string;
  /** The agent's key in the definition. */
  agent: string;
  /** The agent's role, for display. */
  role: string;
  status: TaskStatus;
  /** 1 for the first attempt; grows with each rework that a person asked for. */
  attempt: number;
  /** The output, where it is short; */
  output?: string;
  /** else where the store has it. */
  outputRef?: BlobRef;
  /** `json`: the output is JSON by the task's schema. */
  format?: 'json';
  /** The output is also an artifact of this name. */
  artifact?: { path: string; ref: BlobRef };
  usage: Usage;
  attempts: AttemptView[];
  /** What the agent was not given whole. */
  context?: ContextView[];
  /** Characters of its own conversation that the agent was not given any more, at its longest. */
  leftOutChars?: number;
  /** In a hierarchical crew: what the manager said of the output that stands. */
  review?: { accepted: boolean; reasons: string };
  /** Why it was skipped. */
  skipped?: 'condition' | 'dependency' | 'person';
  /** What the person who approved it answered. */
  answer?: unknown;
  /** The run that the output was taken over from, when this one was forked. */
  keptFrom?: string;
  error?: FailureView;
  /** ISO 8601. */
  startedAt?: string;
  endedAt?: string;
}

/** What a person may do with an approval. */
export const APPROVAL_ACTIONS = ['approve', 'reject', 'edit', 'skip', 'abort'] as const;
export type ApprovalAction = (typeof APPROVAL_ACTIONS)[number];

/** The decision on an approval. */
export interface ApprovalDecision {
  action: ApprovalAction;
  /** Who decided. */
  by: string;
  /** True where `by` is only what the caller said of itself (no authentication, or a plain signal). */
  byClaimed: boolean;
  /** ISO 8601. */
  at: string;
  via: DecidedVia;
  feedback?: string;
  /** With `edit`: the person's output; or where the store has it. */
  output?: string;
  outputRef?: BlobRef;
  /** With `edit` of a tool call: the arguments that it was made with. */
  arguments?: Record<string, unknown>;
  /** What was asked for by the approval's `answerSchema`. */
  answer?: unknown;
}

/** How a decision came: over HTTP, by a plain signal, by a one-time link, by an event, or because the deadline passed. */
export const DECIDED_VIA = ['http', 'signal', 'link', 'event', 'deadline'] as const;
export type DecidedVia = (typeof DECIDED_VIA)[number];

/** A step of escalation: who is told besides, when nobody has decided by then. */
export interface EscalationView {
  /** ISO 8601. */
  at: string;
  notify: string[];
  /** True: it was told. */
  done?: true;
}

/** A question to a person, as a durable object of the run. */
export interface ApprovalView {
  id: string;
  kind: 'task_output' | 'tool_call' | 'budget';
  taskId: string;
  attempt: number;
  /** What the person decides on: for `task_output`, the agent's output. Empty where the store has it. */
  shown: string;
  shownRef?: BlobRef;
  /** What the definition asks, in words. */
  question?: string;
  /** Who is asked; absent: anybody. */
  assignees?: string[];
  /** With `tool_call`: the call as the model wants it. Arguments absent: they are long, and `shownRef` has them. */
  tool?: { name: string; arguments?: Record<string, unknown> };
  /** What an approval must answer: a JSON Schema, or the name of one of the operator's. */
  answerSchema?: JsonSchema | string;
  /** What an edited output must fit, */
  outputSchema?: JsonSchema | string;
  /** and edited arguments. */
  argumentsSchema?: JsonSchema;
  /** The actions this approval takes. */
  actions: ApprovalAction[];
  status: 'open' | 'decided' | 'expired' | 'withdrawn';
  /** ISO 8601. */
  requestedAt: string;
  deadline?: string;
  onDeadline?: 'approve' | 'reject' | 'skip' | 'abort';
  escalations?: EscalationView[];
  decision?: ApprovalDecision;
}

/** Why an approval takes no decision any more: who decided what and when, or that it expired or was withdrawn. */
export function describeClosed({ status, decision }: ApprovalView): string {
  if (!decision) return `This approval is ${status}`;
  return `This approval was decided (${decision.action}) by ${decision.by} at ${decision.at}`;
}

/** A message of a person to a running crew. */
export interface MessageView {
  /** `message.1`, … */
  id: string;
  /** The agent's key; absent: every agent. */
  agent?: string;
  /** Who says it: a claim. */
  by: string;
  text: string;
  /** ISO 8601. */
  at: string;
  /** Keys of the agents that were told. */
  deliveredTo: string[];
}

/** What a finished run gives. */
export interface RunResult {
  /** The last task's output; empty where the store has it. */
  output: string;
  outputRef?: BlobRef;
  format?: 'json';
}

/** The whole state of a run, as query `run` answers it. */
export interface RunView {
  runId: string;
  crew: CrewRef;
  status: RunStatus;
  inputs: Record<string, InputValue>;
  tasks: TaskView[];
  approvals: ApprovalView[];
  usage: Usage;
  /** The same by agent (its key), delegated work included, */
  agents: Record<string, Usage>;
  /** and by model, as definitions name it. */
  models: Record<string, Usage>;
  result?: RunResult;
  error?: FailureView;
  /** The run that this one was forked from, and the task that it began again with. */
  parentRunId?: string;
  forkedFromTask?: string;
  /** What people said to the crew while it ran. */
  messages?: MessageView[];
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
  /** `seq` of the last run event; 0 before the first. */
  lastSeq: number;
}

/** A value for one of a crew's declared inputs. */
export type InputValue = string | number | boolean;
