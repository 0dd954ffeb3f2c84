import { openWebhooks } from '../../../src/adapters/webhooks/index.js';
import { memoryLogger } from '../../support/logger.js';
import { QUICK, SOON_FREE } from './quick.js';

/** A dispatcher that is to be killed. */
const webhooks = openWebhooks({ databaseUrl: process.argv[2] ?? '', allowPrivate: true });
process.once('disconnect', () => process.exit(0));
await webhooks.dispatcher({ ...QUICK, ...SOON_FREE }, memoryLogger()).run(new AbortController().signal);
