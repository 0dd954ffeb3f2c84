import { z } from '@hono/zod-openapi';
import { ON_BUSY, THREAD_PATTERN, type OnBusy } from '../../contract/coordination.js';

/** How far ahead a run may be started, in days. */
const MAX_AHEAD_DAYS = 366;

/** A point in time with its offset from UTC. */
export const isoTime = z.iso.datetime({ offset: true, error: 'Expected a time as ISO 8601: 2027-01-31T09:00:00Z' });

/** When, and after what, a run is started. */
export const queueFields = {
  startAfter: isoTime.optional().openapi({ description: 'The run waits for this time, as `queued`' }),
  thread: z
    .string({ error: 'Expected a text' })
    .regex(THREAD_PATTERN, 'Expected 1 to 100 letters, digits, dots, hyphens and underscores')
    .optional()
    .openapi({ description: 'Runs of one thread go one after the other', example: 'customer-17' }),
  onBusy: z
    .enum(ON_BUSY, { error: `Expected one of: ${ON_BUSY.join(', ')}` })
    .optional()
    .openapi({
      description:
        'Where the thread is busy: 409 (`reject`, the default), wait for its turn, or cancel the runs before it',
    }),
};

interface Queueing {
  startAfter?: string | undefined;
  thread?: string | undefined;
  onBusy?: OnBusy | undefined;
}

/** What the types of the fields do not say. */
export function checkQueueing({ startAfter, thread, onBusy }: Queueing, context: z.RefinementCtx): void {
  if (onBusy !== undefined && thread === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['onBusy'],
      message: 'It needs a thread: name the thread, or leave it out',
    });
  }
  if (startAfter !== undefined && Date.parse(startAfter) > Date.now() + MAX_AHEAD_DAYS * 86_400_000) {
    const message = `Expected a time within the next ${MAX_AHEAD_DAYS} days`;
    context.addIssue({ code: 'custom', path: ['startAfter'], message });
  }
}

/** The fields that are there. */
export function queueing({ startAfter, thread, onBusy }: Queueing) {
  return {
    ...(startAfter !== undefined && { startAfter }),
    ...(thread !== undefined && { thread }),
    ...(onBusy !== undefined && { onBusy }),
  };
}
