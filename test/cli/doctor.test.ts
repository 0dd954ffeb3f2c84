import assert from 'node:assert/strict';
import { checkFromHere } from '../../src/doctor.js';
import type { Check } from '../../src/cli/command.js';
import { startScriptedModel } from '../../src/scripted-model/server.js';
import { testStore } from '../support/store.js';
import { testServer } from '../support/temporal.js';

async function look(env: NodeJS.ProcessEnv, stack?: Parameters<typeof checkFromHere>[1]): Promise<Map<string, Check>> {
  const found = new Map<string, Check>();
  for await (const check of checkFromHere(env, stack)) found.set(check.name, check);
  return found;
}

const statuses = (found: Map<string, Check>) => [...found.values()].map(({ name, status }) => `${name} ${status}`);

describe('crew doctor, behind the service', () => {
  it('finds what the environment names, with versions', async () => {
    const { env } = await testServer();
    const { databaseUrl } = await testStore();
    const model = await startScriptedModel({ script: { answers: [{ text: 'x' }] } });
    try {
      const found = await look({
        TEMPORAL_ADDRESS: env.address,
        DATABASE_URL: databaseUrl,
        OPENAI_BASE_URL: model.url,
      });
      assert.deepEqual(statuses(found).slice(0, 3), ['node ok', 'temporal ok', 'store ok']);
      assert.match(found.get('temporal')?.found ?? '', /server \d+\.\d+/);
      assert.match(found.get('store')?.found ?? '', /Postgres \d+/);
      assert.ok(['ok', 'warning'].includes(found.get('model')?.status ?? ''));
    } finally {
      await model.close();
    }
  });

  it('says what to fix of what does not answer, and leaves out what nothing names', async () => {
    const away = await look({
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    });
    assert.deepEqual(statuses(away), ['node ok', 'temporal failed', 'store failed', 'model failed']);
    for (const name of ['temporal', 'store', 'model']) assert.ok(away.get(name)?.fix, name);
    assert.deepEqual(statuses(await look({})), ['node ok', 'temporal skipped', 'store skipped', 'model skipped']);
    assert.equal((await look({}, { model: 'http://127.0.0.1:9' })).get('model')?.status, 'failed');
  });
});
