import { openWebhooks } from '../../../src/adapters/webhooks/index.js';
import { memoryLogger } from '../../support/logger.js';
import { QUICK } from './quick.js';

/** A dispatcher that is to be killed; what it had in hand is soon free for another. */
const webhooks = openWebhooks({ databaseUrl: process.argv[2] ?? '', allowPrivate: true });
process.once('disconnect', () => process.exit(0));
await webhooks
  .dispatcher({ ...QUICK, timeoutMs: 1_000, leaseMs: 1_500 }, memoryLogger())
  .run(new AbortController().signal);
