import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../../src/adapters/store/index.js';
import { startRelay } from '../../../src/outbox-relay.js';
import { memoryLogger } from '../../support/logger.js';

/** A relay whose sink tells the parent each event, and is slow: so that a kill meets it in the middle. */
const { outbox } = openStore({ databaseUrl: process.argv[2] ?? '' });
startRelay(
  {
    outbox: {
      claim: (lease) => outbox.claim(lease, { runs: 2, eventsPerRun: 2 }),
      renew: (...given) => outbox.renew(...given),
      sent: (...given) => outbox.sent(...given),
      failed: (...given) => outbox.failed(...given),
      release: (...given) => outbox.release(...given),
      collect: (...given) => outbox.collect(...given),
    },
    sink: {
      name: 'kafka',
      send: async (events) => {
        for (const { event } of events) process.send?.({ runId: event.runId, seq: event.seq });
        await pause(20);
      },
      close: () => Promise.resolve(),
    },
    logger: memoryLogger(),
  },
  { idleMs: 20, leaseMs: 500 },
);
process.once('disconnect', () => process.exit(0));
