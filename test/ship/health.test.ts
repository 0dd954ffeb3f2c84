import assert from 'node:assert/strict';
import { Client } from '@temporalio/client';
import { lazyConnection, type TemporalClient } from '../../src/adapters/temporal/connection.js';
import { serveHealth, workersHealth } from '../../src/health.js';
import { eventually } from '../support/crew-world.js';
import { freePort } from '../support/free-port.js';
import { testServer } from '../support/temporal.js';

type State = 'RUNNING' | 'DRAINING';

async function withHealth(
  client: TemporalClient,
  states: State[],
  work: (get: (path: string) => Promise<{ status: number; body: unknown }>) => Promise<void>,
) {
  const workers = states.map((_, index) => ({ getState: () => states[index] ?? 'RUNNING' }));
  const health = await serveHealth(await freePort(), client, () => workersHealth(workers));
  try {
    await work(async (path) => {
      const answer = await fetch(`http://127.0.0.1:${health.port}${path}`);
      return { status: answer.status, body: await answer.json() };
    });
  } finally {
    await health.close();
  }
}

describe("a worker's health", () => {
  it('is ready while all of its workers run, and not from the moment that one drains', async () => {
    const { env } = await testServer();
    const states: State[] = ['RUNNING', 'RUNNING'];
    await withHealth(env.client as TemporalClient, states, async (get) => {
      // Temporal has two seconds to answer.
      const ready = await eventually('it to be ready', async () => {
        const answer = await get('/readyz');
        return answer.status === 200 && answer;
      });
      assert.deepEqual(ready, {
        status: 200,
        body: { status: 'ok', checks: { temporal: 'ok', workers: ['RUNNING', 'RUNNING'] } },
      });
      states[1] = 'DRAINING';
      assert.equal((await get('/readyz')).status, 503);
      assert.equal((await get('/healthz')).status, 200);
      assert.equal((await get('/')).status, 404);
    });
  });

  it('is alive but not ready without Temporal', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const connection = lazyConnection({ connectionOptions: { address }, namespace: 'default' });
    const client = new Client({ connection }) as TemporalClient;
    await withHealth(client, ['RUNNING'], async (get) => {
      assert.deepEqual(await get('/readyz'), {
        status: 503,
        body: { status: 'unavailable', checks: { temporal: 'unreachable', workers: ['RUNNING'] } },
      });
      assert.deepEqual(await get('/healthz'), { status: 200, body: { status: 'ok' } });
    });
    await connection.close();
  });
});
