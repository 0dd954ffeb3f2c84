import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../../src/adapters/store/index.js';
import { isStoreError } from '../../../src/contract/store-error.js';

/**
 * A process that writes texts one after the other until its stdin ends: `writer-process.ts DATABASE_URL TENANT NAME`. Prints
 * each reference once the store has acknowledged it, and `away` for each write that found no store; that one it makes again.
 */
const [databaseUrl = '', tenant = '', name = ''] = process.argv.slice(2);
const store = openStore({ databaseUrl, connections: 2 });
let ended = false;
process.stdin.resume().once('end', () => (ended = true));

for (let at = 0; !ended; at++) {
  while (!ended) {
    try {
      const { ref } = await store.putText(tenant, `${name} ${at} ${'.'.repeat((at * 577) % 20_000)}`);
      process.stdout.write(`${ref}\n`);
      break;
    } catch (error) {
      if (!isStoreError(error) || error.reason !== 'unavailable') throw error;
      process.stdout.write('away\n');
      await pause(50);
    }
  }
}
await store.close();
