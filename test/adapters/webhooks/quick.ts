import type { DispatcherSettings } from '../../../src/adapters/webhooks/dispatcher.js';

/** A dispatcher that does not let a test wait. */
export const QUICK = {
  timeoutMs: 1_000,
  leaseMs: 1_500,
  userAgent: 'test',
  scheduleMs: [0, 50, 50, 50, 50, 50],
  pollMs: 20,
  disableAfterMs: 3_600_000,
  retentionMs: 3_600_000,
} satisfies Omit<DispatcherSettings, 'allowPrivate'>;
