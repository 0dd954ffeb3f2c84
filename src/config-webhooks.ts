import { z } from 'zod';
import { flag } from './config-values.js';

const days = z.coerce.number({ error: 'Expected a number of days' }).int().min(1).max(3_650);

/** What can be set of webhooks. */
export const webhooksEnv = {
  /** Receivers may have private and loopback addresses, and be called over plain http there. */
  WEBHOOKS_ALLOW_PRIVATE: flag.default(false),
  /** How long what was delivered, and what failed, stays in the log. */
  WEBHOOKS_RETENTION_DAYS: days.default(30),
  /** An endpoint is switched off where a delivery has failed for good and nothing has succeeded for so long. */
  WEBHOOKS_DISABLE_AFTER_DAYS: days.default(5),
};
