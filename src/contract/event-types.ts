import type { RunEventType } from './events.js';

/** Complete by its type: a new type of event that is missing here does not compile. */
const ALL: Record<RunEventType, true> = {
  'run.queued': true,
  'run.started': true,
  'run.completed': true,
  'run.failed': true,
  'run.cancelled': true,
  'run.stopped': true,
  'task.started': true,
  'task.completed': true,
  'task.failed': true,
  'task.cancelled': true,
  'task.skipped': true,
  'task.retried': true,
  'task.delegated': true,
  'model.called': true,
  'model.fell_back': true,
  'tool.called': true,
  'approval.requested': true,
  'approval.escalated': true,
  'approval.expired': true,
  'approval.decided': true,
  'approval.withdrawn': true,
  'message.received': true,
  'message.delivered': true,
  'budget.warned': true,
  'budget.exceeded': true,
};

/** All types of run events. */
export const RUN_EVENT_TYPES = Object.keys(ALL) as RunEventType[];

/** What a choice of event types may be made of: `*`, groups such as `run.*`, and the types themselves. */
export const EVENT_TYPE_CHOICES: readonly string[] = [
  '*',
  ...new Set(RUN_EVENT_TYPES.map((type) => `${type.split('.')[0]}.*`)),
  ...RUN_EVENT_TYPES,
];

/** Whether a type is among those that were chosen. */
export function isChosen(choices: readonly string[], type: string): boolean {
  return choices.some(
    (choice) => choice === '*' || choice === type || (choice.endsWith('.*') && type.startsWith(choice.slice(0, -1))),
  );
}
