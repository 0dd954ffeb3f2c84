import assert from 'node:assert/strict';
import { createCatalog } from '../../src/adapters/catalog.js';
import type { CrewCatalog } from '../../src/ports.js';
import { answersAfter, gatewayOf, sayer, untilCalled, untilStatus, type Gateway } from '../support/coordination.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, crewOf, filesOf, uniqueName } from '../support/crews.js';
import { memoryStore } from '../support/memory-store.js';

const answers = answersAfter();
const newId = () => uniqueName('s').slice(0, 30);
const never = { cron: ['0 0 1 1 *'] };

/** A world whose worker finds the same crews as the gateway; every schedule of the test is deleted. */
async function withSchedules(
  test: (gateway: Gateway, world: CrewWorld, id: string) => Promise<void>,
  crews: CrewCatalog = catalogOf(sayer),
): Promise<void> {
  await inCrewWorld(
    { answers },
    async (world) => {
      const gateway = gatewayOf(world, crews);
      const id = newId();
      try {
        await test(gateway, world, id);
      } finally {
        await gateway.send('DELETE', `/v1/schedules/${id}`);
      }
    },
    { crews },
  );
}

const runsOf = async ({ get }: Gateway, id: string, count: number, timeoutMs?: number) =>
  eventually(
    `${count} runs`,
    async () => {
      const { json } = await get(`/v1/schedules/${id}`);
      const runs = json?.recentRuns as { runId: string; status: string; error?: { message: string } }[];
      return runs?.length >= count && runs.every(({ status, error }) => status !== 'missing' || error) && runs;
    },
    timeoutMs,
  );

describe('/v1/schedules', () => {
  it('makes, shows, changes, pauses, resumes and deletes one', async () => {
    await withSchedules(async (gateway, _world, id) => {
      const body = {
        id,
        crew: 'sayer',
        inputs: { topic: 'x' },
        cron: ['0 2 * * MON-FRI'],
        timeZone: 'Europe/Berlin',
        label: 'nightly',
        jitterSeconds: 5,
      };
      const made = await gateway.post('/v1/schedules', body);
      assert.equal(made.status, 201, made.text);
      assert.equal(made.headers.get('location'), made.json.links.self);
      const { cron, timeZone, inputs, overlap, paused, nextTimes, recentRuns } = made.json;
      assert.deepEqual(
        [cron, timeZone, inputs, overlap, paused],
        [body.cron, body.timeZone, body.inputs, 'skip', false],
      );
      assert.ok(nextTimes.length > 0);
      assert.deepEqual(recentRuns, []);
      assert.equal((await gateway.post('/v1/schedules', body)).json.code, 'schedule_exists');

      const path = `/v1/schedules/${id}`;
      const changed = await gateway.send('PATCH', path, {
        cron: null,
        intervals: [{ everySeconds: 3600 }],
        timeZone: null,
        label: null,
        overlap: 'allowAll',
      });
      assert.equal(changed.status, 200, changed.text);
      assert.equal(changed.json.cron, undefined);
      assert.equal(changed.json.label, undefined);
      assert.equal(changed.json.jitterSeconds, 5);
      assert.equal(changed.json.overlap, 'allowAll');
      assert.deepEqual(changed.json.intervals, [{ everySeconds: 3600 }]);

      assert.equal((await gateway.post(`${path}/pause`, { note: 'holiday' })).status, 202);
      const rested = (await gateway.get(path)).json;
      assert.deepEqual([rested.paused, rested.note], [true, 'holiday']);
      await gateway.post(`${path}/resume`, {});
      assert.equal((await gateway.get(path)).json.paused, false);
      await eventually('it in the list', async () => {
        const { json } = await gateway.get('/v1/schedules');
        return json.schedules.some((row: { id: string; crew: string }) => row.id === id && row.crew === 'sayer');
      });
      assert.equal((await gateway.send('DELETE', path)).status, 204);
      assert.equal((await gateway.get(path)).json.code, 'schedule_not_found');
      assert.equal((await gateway.post(`${path}/trigger`, {})).status, 404);
      assert.equal((await gateway.send('PATCH', path, {})).status, 404);
      assert.equal((await gateway.send('DELETE', path)).status, 404);
    });
  });

  it('says in words what is wrong', async () => {
    await withSchedules(async (gateway, _world, id) => {
      const post = (more: object) =>
        gateway.post('/v1/schedules', { id, crew: 'sayer', inputs: { topic: 'x' }, ...more });
      const cron = await post({ cron: ['61 * * * *'] });
      assert.equal(cron.status, 422, cron.text);
      assert.equal(cron.json.code, 'schedule_refused');
      assert.equal(cron.json.detail, 'Temporal does not take these times: Minute is not in range [0-59]');
      const paths = async (more: object) =>
        (await post(more)).json.errors.map(({ path }: { path: string }) => path) as string[];
      assert.deepEqual(await paths({}), ['cron']);
      assert.deepEqual(await paths({ ...never, timeZone: 'Mars/Olympus' }), ['timeZone']);
      assert.deepEqual(await paths({ ...never, overlap: 'both' }), ['overlap']);
      assert.deepEqual(await paths({ ...never, inputs: {} }), ['inputs.topic']);
      assert.deepEqual(await paths({ ...never, endAt: '2000-01-01T00:00:00Z' }), ['endAt']);
      const backwards = { startAt: '2100-01-02T00:00:00Z', endAt: '2100-01-01T00:00:00Z' };
      assert.deepEqual(await paths({ ...never, ...backwards }), ['endAt']);
      assert.equal((await post({ ...never, crew: 'nobody' })).json.code, 'crew_not_found');
    });
  });

  it('makes one for the same Idempotency-Key, and refuses another body', async () => {
    await withSchedules(async (gateway, world) => {
      const key = { 'idempotency-key': world.taskQueue };
      const body = { crew: 'sayer', inputs: { topic: 'x' }, ...never };
      const first = await gateway.post('/v1/schedules', body, key);
      const again = await gateway.post('/v1/schedules', body, key);
      const other = await gateway.post('/v1/schedules', { ...body, inputs: { topic: 'y' } }, key);
      await gateway.send('DELETE', `/v1/schedules/${first.json.id}`);
      assert.deepEqual([first.status, again.status, other.status], [201, 200, 422], again.text);
      assert.equal(again.json.id, first.json.id);
      assert.equal(other.json.code, 'idempotency_key_reused');
    });
  });

  it('starts a run when it is triggered, with the crew as it is then', async () => {
    const store = memoryStore();
    const crews = createCatalog(filesOf(), store);
    const say = (words: string) => ({
      ...sayer.definition,
      tasks: { say: { ...sayer.definition.tasks['say'], description: `SAY ${words} {topic}` } },
    });
    const put = (words: string) => crews.put('default', crewOf(say(words)).definition);
    await put('first');
    await withSchedules(async (gateway, world, id) => {
      const made = await gateway.post('/v1/schedules', {
        id,
        crew: 'sayer',
        inputs: { topic: 'x' },
        label: 'l',
        ...never,
      });
      assert.equal(made.status, 201, made.text);
      await put('second');
      assert.equal((await gateway.post(`/v1/schedules/${id}/trigger`, {})).status, 202);
      const [run] = await runsOf(gateway, id, 1);
      assert.ok(run?.runId.startsWith(`${id}-20`), run?.runId);
      const view = await untilStatus(gateway, run?.runId ?? '', 'completed');
      assert.equal(view.crew.version, '2');
      assert.equal(view.label, 'l');
      assert.equal(view.result.output, 'words');
      await untilCalled(world, 'second x');
    }, crews);
  });

  it('says why a run could not be started', async () => {
    let gone = false;
    const all = catalogOf(sayer);
    const crews: CrewCatalog = { ...all, find: (...asked) => (gone ? Promise.resolve(undefined) : all.find(...asked)) };
    await withSchedules(async (gateway, _world, id) => {
      await gateway.post('/v1/schedules', { id, crew: 'sayer', inputs: { topic: 'x' }, ...never });
      gone = true;
      await gateway.post(`/v1/schedules/${id}/trigger`, {});
      const [run] = await runsOf(gateway, id, 1);
      assert.equal(run?.status, 'missing');
      assert.equal(run?.error?.message, "There is no crew 'sayer' any more");
    }, crews);
  });

  it('fires by itself, leaves out what overlaps, and cancels a run with what started it', async () => {
    await withSchedules(async (gateway, world, id) => {
      const intervals = [{ everySeconds: 1 }];
      await gateway.post('/v1/schedules', { id, crew: 'sayer', inputs: { topic: 'hang' }, intervals });
      const [first] = await runsOf(gateway, id, 1);
      await eventually('starts that were left out', async () => {
        const { json } = await gateway.get(`/v1/schedules/${id}`);
        return json.skipped >= 2;
      });
      const still = await runsOf(gateway, id, 1);
      assert.deepEqual(
        still.map(({ runId, status }) => [runId, status]),
        [[first?.runId, 'open']],
      );
      await gateway.post(`/v1/schedules/${id}/pause`, {});
      await gateway.post(`/v1/schedules/${id}/trigger`, { overlap: 'cancelOther' });
      await untilStatus(gateway, first?.runId ?? '', 'cancelled');
      const [second] = await runsOf(gateway, id, 2);
      await untilCalled(world, 'hang', 2);
      // Runs are named by the second: what is triggered twice in one is started once.
      const seconds = () => Math.floor(Date.now() / 1_000);
      const asked = seconds();
      await eventually('the next second', () => Promise.resolve(seconds() > asked));
      await gateway.post(`/v1/schedules/${id}/trigger`, { overlap: 'terminateOther' });
      await untilStatus(gateway, second?.runId ?? '', 'terminated');
      const [third] = await runsOf(gateway, id, 3);
      await eventually(
        'the third to be there',
        async () => (await gateway.get(`/v1/runs/${third?.runId}`)).status === 200,
      );
      await world.handle(third?.runId ?? '').terminate('test over');
    });
  });

  it('fires for times that have passed', async () => {
    await withSchedules(async (gateway, _world, id) => {
      const intervals = [{ everySeconds: 3600 }];
      await gateway.post('/v1/schedules', { id, crew: 'sayer', inputs: { topic: 'x' }, intervals, paused: true });
      const backfill = { from: '2026-01-01T00:30:00Z', to: '2026-01-01T03:30:00Z' };
      assert.equal((await gateway.post(`/v1/schedules/${id}/backfill`, backfill)).status, 202);
      const runs = await runsOf(gateway, id, 3);
      assert.deepEqual(runs.map(({ runId }) => runId).sort(), [
        `${id}-20260101T010000Z`,
        `${id}-20260101T020000Z`,
        `${id}-20260101T030000Z`,
      ]);
      for (const { runId } of runs) await untilStatus(gateway, runId, 'completed');
      const bad = await gateway.post(`/v1/schedules/${id}/backfill`, { from: backfill.to, to: backfill.from });
      assert.equal(bad.status, 422);
    });
  });
});
