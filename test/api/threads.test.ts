import assert from 'node:assert/strict';
import { createCrewThreads } from '../../src/adapters/temporal/threads.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { threadWorkflowId } from '../../src/contract/coordination.js';
import {
  answersAfter,
  callsAbout,
  gatewayOf,
  gatewayOfTold,
  untilCalled,
  untilStatus,
  type Gateway,
} from '../support/coordination.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { uniqueName } from '../support/crews.js';
import { readEnded } from '../support/engine.js';

const answers = answersAfter(100);

const startIn = ({ post }: Gateway, thread: string, topic: string, onBusy?: string, headers = {}) =>
  post('/v1/runs', { crew: 'sayer', inputs: { topic }, thread, ...(onBusy !== undefined && { onBusy }) }, headers);

const closed = (world: CrewWorld, thread: string) =>
  eventually('the thread to close', async () => {
    const { status } = await world.client.workflow.getHandle(threadWorkflowId(DEFAULT_TENANT, thread)).describe();
    return status.name === 'COMPLETED';
  });

describe('runs of a thread', () => {
  it('refuses a second run while one is at work, and takes it after', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOf(world);
      const thread = uniqueName('t');
      const first = await startIn(gateway, thread, 'hang');
      assert.equal(first.status, 201, first.text);
      assert.equal(first.json.status, 'running');
      const key = { 'idempotency-key': thread };
      const refused = await startIn(gateway, thread, 'two', undefined, key);
      assert.equal(refused.status, 409);
      assert.equal(refused.json.code, 'thread_busy');
      assert.equal(refused.json.busyWith, first.json.runId);
      await world.handle(first.json.runId as string).cancel();
      await closed(world, thread);
      // A refusal is no answer that a key would keep.
      const second = await startIn(gateway, thread, 'two', undefined, key);
      assert.equal(second.status, 201, second.text);
      await untilStatus(gateway, second.json.runId as string, 'completed');
      const again = await startIn(gateway, thread, 'two', undefined, key);
      assert.equal(again.status, 200);
      assert.equal(again.json.runId, second.json.runId);
      await closed(world, thread);
      await eventually('both in the list', async () => {
        const { json } = await gateway.get(`/v1/runs?thread=${thread}`);
        return json.runs?.length === 2;
      });
    });
  });

  it('lets runs wait for their turn, in the order they came', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOfTold(world);
      const thread = uniqueName('t');
      const topics = ['hang', 'a1', 'b2', 'c3', 'd4'];
      const rows = [];
      for (const topic of topics) rows.push((await startIn(gateway, thread, topic, 'enqueue')).json);
      assert.deepEqual(
        rows.map(({ status }) => status as string),
        ['running', 'queued', 'queued', 'queued', 'queued'],
      );
      await untilCalled(world, 'hang');
      const [held, ...waiting] = rows;
      await world.handle(held.runId as string).cancel();
      for (const { runId } of waiting) await untilStatus(gateway, runId as string, 'completed');
      const said = world.model.calls().map(({ messages }) => /SAY (\w+)/.exec(JSON.stringify(messages))?.[1]);
      assert.deepEqual(said, topics);
      const { story } = await readEnded(world, rows[1].runId as string);
      assert.deepEqual(story.slice(0, 3), ['run.queued', 'run.started', 'task.started say']);
      await closed(world, thread);
    });
  });

  it('makes room for the latest where it is asked to', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOf(world);
      const thread = uniqueName('t');
      const active = await startIn(gateway, thread, 'hang');
      await untilCalled(world, 'hang');
      const waiting = await startIn(gateway, thread, 'never', 'enqueue');
      const latest = await startIn(gateway, thread, 'latest', 'cancelPrevious');
      assert.equal(latest.json.status, 'queued');
      await untilStatus(gateway, latest.json.runId as string, 'completed');
      assert.equal((await untilStatus(gateway, active.json.runId as string, 'cancelled')).status, 'cancelled');
      assert.equal((await untilStatus(gateway, waiting.json.runId as string, 'cancelled')).status, 'cancelled');
      assert.equal(callsAbout(world, 'never'), 0);
      await closed(world, thread);
    });
  });

  it('goes on past a run that was terminated without a word', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOf(world);
      const thread = uniqueName('t');
      const active = await startIn(gateway, thread, 'hang');
      const next = await startIn(gateway, thread, 'next', 'enqueue');
      await untilCalled(world, 'hang');
      await world.handle(active.json.runId as string).terminate('by an operator');
      await untilStatus(gateway, next.json.runId as string, 'completed');
      // And one who asks is not refused for the sake of one that is gone.
      const second = await startIn(gateway, thread, 'hang');
      await untilCalled(world, 'hang', 2);
      await world.handle(second.json.runId as string).terminate('by an operator');
      const third = await startIn(gateway, thread, 'third');
      assert.equal(third.status, 201, third.text);
      await untilStatus(gateway, third.json.runId as string, 'completed');
    });
  });

  it('gives up a run that was admitted and never started, and answers the same run the same until then', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const threads = createCrewThreads(world.client, world.taskQueue, { checkEveryMs: 2_000, admissionMs: 6_000 });
      const gateway = gatewayOf({ ...world, threads });
      const thread = uniqueName('t');
      const ask = (runId: string) => threads.admit(DEFAULT_TENANT, thread, { runId, onBusy: 'enqueue' });
      const ghost = uniqueName('g').slice(0, 30);
      assert.deepEqual(await ask(ghost), { answer: 'go' });
      assert.deepEqual(await ask(ghost), { answer: 'go' });
      const next = await startIn(gateway, thread, 'next', 'enqueue');
      assert.equal(next.json.status, 'queued');
      await untilStatus(gateway, next.json.runId as string, 'completed');
      await closed(world, thread);
    });
  });

  it('says what is wrong with what was asked', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post } = gatewayOf(world);
      const paths = async (extra: object) =>
        (await post('/v1/runs', { crew: 'sayer', inputs: { topic: 'x' }, ...extra })).json.errors.map(
          ({ path }: { path: string }) => path,
        );
      assert.deepEqual(await paths({ onBusy: 'enqueue' }), ['onBusy']);
      assert.deepEqual(await paths({ thread: 'a b' }), ['thread']);
      assert.deepEqual(await paths({ thread: 'a', onBusy: 'wait' }), ['onBusy']);
      assert.deepEqual(await paths({ startAfter: 'tomorrow' }), ['startAfter']);
      assert.deepEqual(await paths({ startAfter: '2999-01-01T00:00:00Z' }), ['startAfter']);
    });
  });
});

describe('startAfter', () => {
  const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

  it('queues a run until its time', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOf(world);
      const start = (startAfter: string) =>
        gateway.post('/v1/runs', { crew: 'sayer', inputs: { topic: 'later' }, startAfter });
      const { status, json: waiting } = await start(soon(3_600_000));
      assert.equal(status, 201);
      assert.equal(waiting.status, 'queued');
      assert.equal((await gateway.get(`/v1/runs/${waiting.runId}`)).json.status, 'queued');
      await eventually('it in the list of the queued', async () => {
        const { json: page } = await gateway.get('/v1/runs?status=queued&crew=sayer');
        return page.runs?.some(({ runId }: { runId: string }) => runId === waiting.runId);
      });
      const startAfter = soon(2_500);
      const { json } = await start(startAfter);
      const run = await untilStatus(gateway, json.runId as string, 'completed');
      const [call] = world.model.calls();
      assert.ok(Date.parse(call?.at ?? '') >= Date.parse(startAfter), `${call?.at} ${startAfter}`);
      assert.ok(Date.parse(run.startedAt as string) >= Date.parse(startAfter));
    });
  });

  it('can be cancelled before its time, and a time that has passed is now', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const gateway = gatewayOf(world);
      const start = async (startAfter: string) =>
        (await gateway.post('/v1/runs', { crew: 'sayer', inputs: { topic: 'x' }, startAfter })).json;
      const waiting = await start(soon(3_600_000));
      await world.handle(waiting.runId as string).cancel();
      await untilStatus(gateway, waiting.runId as string, 'cancelled');
      assert.equal(world.model.calls().length, 0);
      const { story } = await readEnded(world, waiting.runId as string);
      assert.deepEqual([story[0], story.at(-1)], ['run.queued', 'run.cancelled']);
      const past = await start('2020-01-01T00:00:00+02:00');
      assert.equal(past.status, 'running');
      await untilStatus(gateway, past.runId as string, 'completed');
    });
  });
});
