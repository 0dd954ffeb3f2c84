import type { Sinks } from '@temporalio/workflow';
import type { ApprovalView, RunStatus } from './views.js';

/**
 * All names that spans and measurements go by. Those under `gen_ai` are OpenTelemetry's semantic conventions for generative AI,
 * which are still in development: where they change, this file does.
 * Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export const Operation = {
  run: 'invoke_workflow',
  agent: 'invoke_agent',
  chat: 'chat',
  tool: 'execute_tool',
} as const;

export const Attribute = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  maxTokens: 'gen_ai.request.max_tokens',
  temperature: 'gen_ai.request.temperature',
  responseModel: 'gen_ai.response.model',
  responseId: 'gen_ai.response.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cachedTokens: 'gen_ai.usage.cache_read.input_tokens',
  tokenType: 'gen_ai.token.type',
  workflow: 'gen_ai.workflow.name',
  agent: 'gen_ai.agent.name',
  tool: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolCallId: 'gen_ai.tool.call.id',
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  /** What people and models said: set only where the operator asks for it. */
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
  /** Ours. */
  run: 'crew.run.id',
  crew: 'crew.name',
  crewVersion: 'crew.version',
  task: 'crew.task',
  place: 'crew.place',
  attempt: 'crew.attempt',
  status: 'crew.status',
} as const;

export const Metric = {
  tokens: 'gen_ai.client.token.usage',
  duration: 'gen_ai.client.operation.duration',
  runsStarted: 'crew.runs.started',
  runsEnded: 'crew.runs.ended',
  runsClosed: 'crew.runs.closed',
  runsWaiting: 'crew.runs.waiting',
  runDuration: 'crew.run.duration',
  approvalsRequested: 'crew.approvals.requested',
  approvalWait: 'crew.approval.wait',
  approvalsOpen: 'crew.approvals.open',
  cost: 'crew.cost.usd',
  backlog: 'crew.queue.backlog',
  backlogAge: 'crew.queue.backlog.age',
  httpDuration: 'http.server.request.duration',
} as const;

/** A span's place in its trace, as JSON. */
export interface SpanRef {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

/** A span that workflow code made, as it leaves the sandbox: the part of OpenTelemetry's that exporters read. */
export interface WorkflowSpan {
  name: string;
  /** 0: internal. */
  kind: 0;
  spanContext: SpanRef;
  parentSpanContext: SpanRef;
  /** Seconds and nanoseconds. */
  startTime: [number, number];
  endTime: [number, number];
  duration: [number, number];
  /** 1: well; 2: with an error. */
  status: { code: 0 | 1 | 2; message?: string };
  attributes: Record<string, string | number>;
  links: [];
  events: [];
  ended: true;
  droppedAttributesCount: 0;
  droppedEventsCount: 0;
  droppedLinksCount: 0;
  instrumentationScope: { name: string };
}

/** What happened to a run, as measurements and log lines need it: nothing of what it says. */
export type RunMoment = { runId: string; crew: string; span?: SpanRef } & (
  | { type: 'started' }
  | { type: 'ended'; status: RunStatus; durationMs: number; code?: string }
  | { type: 'asked'; kind: ApprovalKind; taskId: string }
  | { type: 'answered'; kind: ApprovalKind; taskId: string; outcome: ApprovalView['status']; waitedMs: number }
  | { type: 'spent'; model: string; usd: number }
);

type ApprovalKind = ApprovalView['kind'];

/** What leaves the sandbox, and never on a replay. */
export interface TelemetrySinks extends Sinks {
  /** OpenTelemetry's own name of it. */
  exporter: { export(spans: WorkflowSpan[]): void };
  moments: { happened(moment: RunMoment): void };
}

/** The media type of measurements for Prometheus. Source: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
