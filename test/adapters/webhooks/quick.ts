import type { DispatcherSettings } from '../../../src/adapters/webhooks/dispatcher.js';

/** A dispatcher that does not let a test wait. */
export const QUICK = {
  // No answer of these tests is late: a machine that stands still for a second makes none late.
  timeoutMs: 20_000,
  leaseMs: 30_000,
  userAgent: 'test',
  scheduleMs: [0, 50, 50, 50, 50, 50],
  pollMs: 20,
  disableAfterMs: 3_600_000,
  retentionMs: 3_600_000,
} satisfies Omit<DispatcherSettings, 'allowPrivate'>;

/** For one whose tries another makes: what it has in hand is soon free. */
export const SOON_FREE = { timeoutMs: 1_000, leaseMs: 1_500 } satisfies Partial<DispatcherSettings>;
