import type { BlobRef, TokenUsage } from './wire.js';

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
  skipped?: 'condition' | 'dependency';
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
  via: 'http' | 'signal';
  feedback?: string;
  output?: string;
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
  /** The actions this approval takes. */
  actions: ApprovalAction[];
  status: 'open' | 'decided' | 'expired' | 'withdrawn';
  /** ISO 8601. */
  requestedAt: string;
  deadline?: string;
  onDeadline?: 'approve' | 'reject' | 'skip' | 'abort';
  decision?: ApprovalDecision;
}

/** Why an approval takes no decision any more: who decided what and when, or that it expired or was withdrawn. */
export function describeClosed({ status, decision }: ApprovalView): string {
  if (!decision) return `This approval is ${status}`;
  return `This approval was decided (${decision.action}) by ${decision.by} at ${decision.at}`;
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
  parentRunId?: string;
  /** ISO 8601. */
  startedAt: string;
  endedAt?: string;
  /** `seq` of the last run event; 0 before the first. */
  lastSeq: number;
}

/** A value for one of a crew's declared inputs. */
export type InputValue = string | number | boolean;
