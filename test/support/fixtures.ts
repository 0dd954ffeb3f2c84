import { stopTestServer } from './temporal.js';

/** Mocha's global fixture: what all test files share is ended once. */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopTestServer();
}
