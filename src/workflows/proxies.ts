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

/**
 * Calls of a model whose requests or tokens a minute are limited: they wait for their turn, in Temporal's queue or by being
 * told when to come again, and waiting is no failure. So there is no schedule-to-close; a turn that was not there yet
 * costs an attempt, so there are many.
 */
export const LIMITED_MODEL_CALL = {
  startToCloseTimeout: MODEL_CALL.startToCloseTimeout,
  heartbeatTimeout: MODEL_CALL.heartbeatTimeout,
  retry: { ...MODEL_CALL.retry, maximumAttempts: 500 },
} as const;

export const { callModel } = proxyActivities<Activities>(MODEL_CALL);

/**
 * Tool calls. The time of an attempt is the tool's own, and so is the number of attempts: one where a second might do the
 * same thing twice. A tool that is not there any more is given up after half an hour, and the model is told.
 */
export const TOOL_CALL = {
  heartbeatTimeout: '5 seconds',
  scheduleToCloseTimeout: '30 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;

/** Attempts of a tool that may simply be called again: with the back-off, about a quarter of a minute. */
export const IDEMPOTENT_TOOL_ATTEMPTS = 5;

export const { callTool } = proxyActivities<Activities>({
  ...TOOL_CALL,
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/**
 * What reads the operator's configuration, asks MCP servers for their tools, or runs the operator's functions. Repeating it
 * does no harm; it is given a quarter of an hour, for a server or the store to come back.
 */
export const CHECK = {
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '5 seconds',
  scheduleToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', maximumAttempts: 30 },
} as const;

export const { prepareTurn, checkOutput, checkDecision, evaluateCondition } = proxyActivities<Activities>(CHECK);

/** The collection of the store: it looks through every history that is kept, heartbeating at each. Tomorrow it is tried again. */
export const { collectStore } = proxyActivities<Activities>({
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '5 minutes',
  scheduleToCloseTimeout: '20 hours',
  retry: { initialInterval: '1 minute', backoffCoefficient: 2, maximumInterval: '30 minutes', maximumAttempts: 5 },
});

/**
 * The store on its own: what a run keeps of itself. Without it the run can neither go on nor end, so it is waited for as
 * long as a store may be away: a day.
 */
export const STORE = {
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 1_500 },
} as const;

export const { putText, getText } = proxyActivities<Activities>(STORE);

/**
 * The outbox, which is in the store. Nothing else can hold a run up, and this does so only at its end: what the store does not
 * take for ten days is given up, and the run goes on.
 */
export const PUBLISH = {
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 15_000 },
} as const;

export const { publishEvents } = proxyActivities<Activities>(PUBLISH);
