import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { replay } from '../support/temporal.js';
import type { World } from './world.js';

/** An activity that Temporal knows as completed. */
export interface FinishedActivity {
  /** `<workflowId>/<activityId>`. */
  id: string;
  type: string;
  /** By the clock of this machine, in ms. */
  at: number;
  /** Of the attempts before, the last one. */
  lastFailure?: string | undefined;
}

/** What the history of a run says is done; replays it on the way. Rejects where today's code would have gone another way. */
export async function finishedActivities({ temporal }: World, runId: string): Promise<FinishedActivity[]> {
  const workflowId = workflowIdOf(DEFAULT_TENANT, runId);
  const history = await temporal.workflow.getHandle(workflowId).fetchHistory();
  await replay(history, workflowId);
  const events = history.events ?? [];
  const scheduled = new Map(
    events.map(({ eventId, activityTaskScheduledEventAttributes: its }) => [String(eventId), its] as const),
  );
  const started = new Map(
    events.map(({ eventId, activityTaskStartedEventAttributes: its }) => [String(eventId), its] as const),
  );
  return events.flatMap(({ eventTime, activityTaskCompletedEventAttributes: completed }) => {
    if (!completed) return [];
    const { activityId, activityType } = scheduled.get(String(completed.scheduledEventId)) ?? {};
    const lastFailure = started.get(String(completed.startedEventId))?.lastFailure?.message ?? undefined;
    const at = Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;
    return [{ id: `${workflowId}/${activityId}`, type: activityType?.name ?? '', at, lastFailure }];
  });
}
