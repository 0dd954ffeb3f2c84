import { proxySinks } from '@temporalio/workflow';
import type { RunEvent } from '../contract/events.js';
import type { RunMoment, TelemetrySinks } from '../contract/telemetry.js';
import type { ApprovalView, RunView } from '../contract/views.js';
import { activeSpan } from './spans.js';

const { moments } = proxySinks<TelemetrySinks>();

/**
 * Tells measurements and logs of a run's events as they happen. They leave the sandbox by a sink, which a replay does not
 * call: a worker that takes a run over counts nothing again. `spent`: US dollars before the first event.
 */
export function momentsOf(spent: number): (event: RunEvent, view: RunView) => void {
  let counted = spent;
  return (event, view) => {
    const { runId, crew } = event;
    const span = activeSpan();
    const base = { runId, crew, ...(span && { span }) };
    if (event.type === 'model.called') {
      const usd = view.usage.usd - counted;
      counted = view.usage.usd;
      if (usd > 0) moments.happened({ ...base, type: 'spent', model: event.data.model, usd });
      return;
    }
    const moment = whatOf(event, view);
    if (moment) moments.happened({ ...base, ...moment });
  };
}

type Moment = RunMoment extends infer M ? (M extends RunMoment ? Omit<M, 'runId' | 'crew' | 'span'> : never) : never;

function whatOf(event: RunEvent, view: RunView): Moment | undefined {
  switch (event.type) {
    case 'run.started':
      return { type: 'started' };
    case 'run.completed':
    case 'run.stopped':
    case 'run.cancelled':
      return endOf(event, view);
    case 'run.failed':
      return { ...endOf(event, view), code: event.data.code };
    case 'approval.requested': {
      const approval = approvalOf(view, event.data.approvalId);
      return approval && { type: 'asked', kind: approval.kind, taskId: approval.taskId };
    }
    case 'approval.decided':
    case 'approval.expired':
    case 'approval.withdrawn': {
      const approval = approvalOf(view, event.data.approvalId);
      if (!approval) return undefined;
      const { kind, taskId, status, requestedAt } = approval;
      return { type: 'answered', kind, taskId, outcome: status, waitedMs: between(requestedAt, event.time) };
    }
    default:
      return undefined;
  }
}

function endOf({ time }: RunEvent, { status, startedAt }: RunView) {
  return { type: 'ended' as const, status, durationMs: between(startedAt, time) };
}

function approvalOf({ approvals }: RunView, approvalId: string): ApprovalView | undefined {
  return approvals.findLast(({ id }) => id === approvalId);
}

function between(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
