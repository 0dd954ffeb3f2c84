import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { inCrewWorld } from '../support/crew-world.js';
import { crewWith } from '../support/engine.js';
import { modelFactsFor, scriptedModels } from '../support/parts.js';
import { testServer } from '../support/temporal.js';

function crew(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: 120_000 };
    const child = execFile(process.execPath, ['bin/crew.mjs', ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

describe('crew replay', function () {
  this.timeout(300_000);

  it('names the history that would break, the event and the reason, and passes the others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-'));
    try {
      const good = readFileSync('test/replay/histories/two-tasks.json', 'utf8');
      writeFileSync(join(folder, 'good.json'), good);
      writeFileSync(join(folder, 'other.json'), good.replaceAll('"write/model/1"', '"elsewhere/model/1"'));
      const { code, out } = await crew(['replay', folder]);
      assert.equal(code, 1);
      assert.match(out, /✔ .*good\.json \(17 events\)/);
      assert.match(out, /✖ .*other\.json\n {4}at event \d+ of 17: .*elsewhere\/model\/1\n.*write\/model\/1/);
      assert.match(out, /1 of 2 histories go the same way/);
      const json = await crew(['replay', join(folder, 'other.json'), '--json']);
      const { ok, histories } = JSON.parse(json.out) as { ok: boolean; histories: { broken: { eventId: number } }[] };
      assert.deepEqual([ok, histories.length, typeof histories[0]?.broken.eventId], [false, 1, 'number']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('downloads the histories of a run, and says what is not there', async () => {
    const { env } = await testServer();
    await inCrewWorld({ answers: [{ text: 'A', repeat: true }] }, async (world) => {
      const runId = await world.start(crewWith({ a: {} }), {});
      await world.handle(runId).result();
      assert.equal((await world.runs.get(DEFAULT_TENANT, runId)).view.status, 'completed');
      const here = { TEMPORAL_ADDRESS: env.address };
      const found = await crew(['replay', runId], here);
      assert.deepEqual([found.code, found.err], [0, '']);
      assert.match(found.out, new RegExp(`✔ ${runId}`));
      const missing = await crew(['replay', 'never-was'], here);
      assert.equal(missing.code, 1);
      assert.match(missing.err, /never-was: the tenant 'default' has no such run/);
      const another = crewWith({ a: {} });
      const models = modelFactsFor(scriptedModels(world.model.url), another.definition);
      await world.runs.start({ tenant: 'acme', runId: 'of-acme', crew: another, inputs: {}, models });
      await world.client.workflow.getHandle(workflowIdOf('acme', 'of-acme')).result();
      assert.match((await crew(['replay', 'of-acme', '--tenant', 'acme'], here)).out, /✔ of-acme/);
      assert.equal((await crew(['replay', 'of-acme'], here)).code, 1);
      assert.equal((await crew(['replay'])).code, 2);
    });
  });
});
