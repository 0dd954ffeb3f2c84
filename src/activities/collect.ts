import { heartbeat } from '@temporalio/activity';
import type { Collected } from '../contract/messages.js';
import type { CollectGarbage } from '../ports.js';

/** What was written within this time is kept, whoever speaks of it: a run may be about to. */
export const GRACE_MS = 24 * 3_600_000;

/** The activity that collects the store. Repeating it does no harm. */
export function createCollectActivities({ collectGarbage }: { collectGarbage: CollectGarbage }) {
  return { collectStore: (): Promise<Collected> => collectGarbage({ graceMs: GRACE_MS }, () => heartbeat()) };
}
