import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Keyring } from '../../src/adapters/encryption/keyring.js';
import { DEFAULT_TENANT, workflowIdOf } from '../../src/contract/ids.js';
import { RunsError } from '../../src/contract/runs-error.js';
import { gatewayOf } from '../support/coordination.js';
import { eventually, inCrewWorld, openApproval } from '../support/crew-world.js';
import { uniqueName } from '../support/crews.js';
import { changingConverter, keyOf, ringOf } from '../support/encryption.js';
import { crewWith, decide, ended } from '../support/engine.js';
import { testServer } from '../support/temporal.js';

function crew(args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: 120_000 };
    const child = execFile(process.execPath, ['bin/crew.mjs', ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

const asking = crewWith({ a: { human_input: true } });
const script = { answers: [{ text: 'A', repeat: true }] };

describe('keys of runs', function () {
  this.timeout(240_000);

  it('may be turned on, and changed, while runs are open', async () => {
    let ring = Keyring.empty();
    const { dataConverter } = changingConverter(() => ring);
    await inCrewWorld(
      script,
      async (world) => {
        const before = await world.start(asking, {});
        await openApproval(world, before);
        ring = ringOf('k1');
        await world.stopWorker();
        await world.startWorker();
        const during = await world.start(asking, {});
        await openApproval(world, during);
        ring = ringOf('k2', 'k1');
        await world.stopWorker();
        await world.startWorker();
        for (const runId of [before, during]) {
          const { id } = await openApproval(world, runId);
          await decide(world, runId, { approvalId: id, action: 'approve' });
          assert.equal((await ended(world, runId)).view.status, 'completed');
        }
      },
      { dataConverter },
    );
  });

  it('that are missing stop a run, not its worker, and are said; it goes on when they are back', async () => {
    let ring = ringOf('old');
    const { dataConverter, problems } = changingConverter(() => ring);
    await inCrewWorld(
      script,
      async (world) => {
        const gateway = gatewayOf(world);
        const runId = await world.start(asking, {});
        const { id } = await openApproval(world, runId);
        const listed = async () => (await gateway.get('/v1/runs?limit=100')).json.runs as { runId: string }[];
        await eventually('the list', async () => (await listed()).some((run) => run.runId === runId));

        ring = ringOf('new');
        await world.stopWorker();
        await world.startWorker();
        const read = await gateway.get(`/v1/runs/${runId}`);
        assert.deepEqual([read.status, read.json.code], [503, 'encryption_key_missing'], read.text);
        assert.match(read.json.detail, /'old'/);
        assert.ok(!(await listed()).some((run) => run.runId === runId));
        const decision = { approvalId: id, action: 'approve' as const, by: 'ada' };
        const refused = (error: unknown) =>
          error instanceof RunsError && ['outcome_unknown', 'encryption_key_missing'].includes(error.reason);
        await assert.rejects(
          world.hurried(() => world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1')),
          refused,
        );
        assert.ok(problems.some(({ problem, keyId }) => problem === 'key_missing' && keyId === 'old'));
        // The worker is there for others.
        const other = await world.start(asking, {});
        await openApproval(world, other);

        ring = ringOf('new', 'old');
        await eventually(
          'an answer',
          () => world.runs.decide(DEFAULT_TENANT, runId, decision, 'key-1').catch(() => undefined),
          120_000,
        );
        assert.equal((await ended(world, runId)).view.status, 'completed');
      },
      { dataConverter },
    );
  });

  it('that are missing hide what a schedule starts, and not the list of schedules', async () => {
    let ring = ringOf('old');
    const { dataConverter } = changingConverter(() => ring);
    await inCrewWorld(
      script,
      async (world) => {
        const gateway = gatewayOf(world);
        const id = uniqueName('s').slice(0, 30);
        const body = { id, crew: 'sayer', inputs: { topic: 'tea' }, cron: ['0 0 1 1 *'] };
        const path = `/v1/schedules/${id}`;
        try {
          const made = await gateway.post('/v1/schedules', body, { 'idempotency-key': id });
          assert.equal(made.status, 201, made.text);
          ring = ringOf('new');
          await eventually('the list to have it', async () => {
            const { status, json, text } = await gateway.get('/v1/schedules');
            assert.equal(status, 200, text);
            return (json.schedules as { id: string; crew: string }[]).some(
              (one) => one.id === id && one.crew === 'sayer',
            );
          });
          assert.equal((await gateway.get(path)).json.code, 'encryption_key_missing');
        } finally {
          assert.equal((await gateway.send('DELETE', path)).status, 204);
        }
      },
      { dataConverter },
    );
  });

  it('are needed to replay, of files and of runs', async () => {
    const { env } = await testServer();
    const folder = mkdtempSync(join(tmpdir(), 'replay-'));
    const { dataConverter } = changingConverter(() => ringOf('k1'));
    try {
      await inCrewWorld(
        script,
        async (world) => {
          const runId = await world.start(crewWith({ a: {} }), {});
          await ended(world, runId);
          const file = join(folder, 'run.json');
          writeFileSync(file, historyToJSON(await world.history(runId)));
          const here = { TEMPORAL_ADDRESS: env.address };
          const given = await crew(['replay', file, runId], { ...here, ENCRYPTION_KEYS: keyOf('k1') });
          assert.deepEqual([given.code, given.err], [0, ''], given.out);
          const without = await crew(['replay', file], here);
          assert.equal(without.code, 1);
          assert.match(without.out, /'k1', which is not configured/);
          const downloaded = await crew(['replay', runId], here);
          assert.match(downloaded.err, /'k1', which is not configured/);
          assert.equal(workflowIdOf(DEFAULT_TENANT, runId), world.handle(runId).workflowId);
        },
        { dataConverter },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
