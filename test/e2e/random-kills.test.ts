import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createClient, ServiceError, type Client, type RunEvent } from '../../src/client/index.js';
import { eventually } from '../support/crew-world.js';
import { numbers } from '../support/numbers.js';
import { TestStack } from '../support/stack.js';

const RUNS = 5;
const KILLS = 6;
const TASKS = ['a', 'b', 'c'];
const crew = {
  schemaVersion: 1,
  name: 'asking',
  agents: { worker: { role: 'Worker', goal: 'Work', backstory: 'You work.' } },
  tasks: Object.fromEntries(
    TASKS.map((id) => [id, { description: 'Write a text', expected_output: 'Text', agent: 'worker', approval: true }]),
  ),
};

/** Reads a run's events to its end, whatever is killed meanwhile. */
async function readAll(client: Client, runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of client.events(runId)) events.push(event);
  return events;
}

/** Two people decide every approval of a run at the same instant, until it has ended. Gives who won, by approval. */
async function decideAll(client: Client, runId: string): Promise<Map<string, string>> {
  const winners = new Map<string, string>();
  for (;;) {
    const run = await client.runs.get(runId);
    if (run.endedAt !== undefined) return winners;
    const open = run.approvals.find(({ status, id }) => status === 'open' && !winners.has(id));
    if (!open) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    const race = await Promise.all(['ada', 'bob'].map((by) => decideAs(client, runId, open.id, by)));
    const won = race.filter((by) => by !== undefined);
    assert.equal(won.length, 1, `${open.id} of ${runId} was decided by ${won.join(' and ') || 'nobody'}`);
    winners.set(open.id, won[0] ?? '');
  }
}

/** Who decided, where it was this one; undefined where another was first. */
async function decideAs(client: Client, runId: string, approvalId: string, by: string): Promise<string | undefined> {
  try {
    await client.approvals.decide(
      runId,
      approvalId,
      { action: 'approve', by },
      { idempotencyKey: `${runId}-${by}-${approvalId}` },
    );
    return by;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 409) return undefined;
    throw error;
  }
}

describe('random kills', function () {
  this.timeout(600_000);

  it('while people decide and others read: no run is lost, no event missed or told twice, no decision made twice', async () => {
    const seed = Number(process.env['KILLS_SEED'] ?? Math.floor(Math.random() * 1e9));
    const random = numbers(seed);
    const stack = new TestStack();
    const crews = mkdtempSync(join(tmpdir(), 'crews-'));
    // The demo run of npm start wants its own crew.
    cpSync('crews', crews, { recursive: true });
    writeFileSync(join(crews, 'asking.yaml'), stringify(crew));
    try {
      await stack.start([], { MODEL_SCRIPT: 'test/e2e/approvals.yaml', CREWS_DIR: crews });
      const { api } = await stack.ready();
      const client = createClient({ baseUrl: api, retries: 60 });
      const runs = await Promise.all(Array.from({ length: RUNS }, () => client.runs.start({ crew: 'asking' })));
      const ids = runs.map(({ runId }) => runId);
      const reading = Promise.all(ids.map((runId) => readAll(client, runId)));
      const kills = (async () => {
        for (let kill = 0; kill < KILLS; kill++) {
          const part = ['worker', 'gateway', 'temporal'][Math.floor(random() * 3)] ?? 'worker';
          await stack.kill(part);
          await new Promise((resolve) => setTimeout(resolve, 2_000 * random()));
        }
      })();
      const deciding = Promise.all(ids.map((runId) => decideAll(client, runId)));
      const [read, winners] = await Promise.all([reading, deciding, kills]);
      for (const [at, runId] of ids.entries()) {
        const run = await eventually('the run', () => client.runs.get(runId).catch(() => undefined));
        const events = read[at] ?? [];
        assert.equal(run.status, 'completed');
        assert.deepEqual(
          events.map(({ seq }) => seq),
          Array.from({ length: run.lastSeq }, (_, before) => before + 1),
        );
        assert.equal(events.at(-1)?.type, 'run.completed');
        assert.deepEqual(
          run.approvals.map(({ id, decision }) => [id, decision?.by]),
          TASKS.map((id) => [`${id}.output.1`, winners[at]?.get(`${id}.output.1`)]),
        );
        assert.equal(run.usage.calls, TASKS.length);
      }
    } catch (error) {
      throw new Error(`with KILLS_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    } finally {
      await stack.stop();
      stack.remove();
      rmSync(crews, { recursive: true });
    }
  });
});
