import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';

/**
 * Model calls. Repeating one costs money but does no harm, so they are retried until their time is over:
 * - start-to-close 10 minutes: the longest answer that a slow model may take;
 * - heartbeat 5 s: how soon a killed worker's call is made again (a worker that stalls for longer pays for its calls
 *   twice, so not less);
 * - schedule-to-close 2 hours over all attempts, waits for rate limits included;
 * - 20 attempts: with the back-off, about a quarter of an hour of a provider that is down.
 * What must not be repeated at all (a refused key, a prompt that is too long) is marked non-retryable by the activity.
 */
export const MODEL_CALL = {
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '5 seconds',
  scheduleToCloseTimeout: '2 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 20 },
} as const;

export const { callModel } = proxyActivities<Activities>(MODEL_CALL);
