import assert from 'node:assert/strict';
import type { History } from './crew-world.js';

type Event = NonNullable<History['events']>[number];

const tasksIn = ({ events }: History, what: (event: Event) => unknown) => (events ?? []).filter(what).length;
const timedOut = (event: Event) => event.workflowTaskTimedOutEventAttributes;
const completed = (event: Event) => event.workflowTaskCompletedEventAttributes;

/** The events of a history but for workflow tasks that timed out: those are the machine's noise, and are made again. */
export function lastingEvents({ events }: History): Event[] {
  const lost = new Set(
    (events ?? []).flatMap((event) => {
      const { scheduledEventId, startedEventId } = timedOut(event) ?? {};
      return timedOut(event) ? [event.eventId, scheduledEventId, startedEventId].map(String) : [];
    }),
  );
  return (events ?? []).filter(({ eventId }) => !lost.has(String(eventId)));
}

/** What happened to a run, apart from the workflow tasks in which it did. */
export function withoutTasks({ events }: History): Event[] {
  return (events ?? []).filter((event) => !Object.keys(event).some((key) => key.startsWith('workflowTask')));
}

/** Whether a history has the result of an activity. */
export function isFinished({ events }: History, activityId: string): boolean {
  const scheduled = (events ?? []).find(
    ({ activityTaskScheduledEventAttributes: its }) => its?.activityId === activityId,
  )?.eventId;
  return (events ?? []).some(
    ({ activityTaskCompletedEventAttributes: its }) => its && String(its.scheduledEventId) === String(scheduled),
  );
}

/**
 * Nothing was written since. A task that is for a refusal alone is not, unless it timed out, as it may on a busy machine: then it is
 * made again, and both are.
 */
export function assertNoTrace(before: History, after: History): void {
  assert.deepEqual(
    withoutTasks(after).map(({ eventId }) => String(eventId)),
    withoutTasks(before).map(({ eventId }) => String(eventId)),
  );
  const since = (what: (event: Event) => unknown) => tasksIn(after, what) - tasksIn(before, what);
  assert.ok(since(completed) <= since(timedOut), `${since(completed)} workflow tasks more`);
}
