import { stopTestKafka } from './kafka.js';
import { stopTestStore } from './store.js';
import { stopTestServer } from './temporal.js';

/** Mocha's global fixture: what all test files share is ended once. */
export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopTestServer(), stopTestStore(), stopTestKafka()]);
}
