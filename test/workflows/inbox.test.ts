import assert from 'node:assert/strict';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { MAX_WAITING } from '../../src/contract/waiting.js';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { catalogOf, uniqueName } from '../support/crews.js';
import { adder, crewWith, toolCall } from '../support/engine.js';
import { serverWith } from '../support/temporal.js';

const answers = [{ text: 'a text', repeat: true }];

interface Entry {
  runId: string;
  id: string;
  crew: string;
  question?: string;
  assignees?: string[];
  links: { self: string };
}

/** The gateway's inbox in a world. */
function inboxOf(world: CrewWorld) {
  const { get, post } = testApp({ runs: world.runs, store: world.store, crews: catalogOf() });
  const read = async (query: string) => {
    const { status, json, text } = await get(`/v1/approvals?${query}`);
    assert.equal(status, 200, text);
    return json as { approvals: Entry[]; nextCursor?: string; incomplete?: string[] };
  };
  /** Polls until the inbox has so many entries. */
  const when = (query: string, count: number) =>
    eventually(`${count} entries`, async () => {
      const { json } = await get(`/v1/approvals?${query}`);
      const page = json as Partial<Awaited<ReturnType<typeof read>>> | undefined;
      return page?.approvals?.length === count && { ...page, approvals: page.approvals };
    });
  return { get, post, read, when };
}

const asking = (name: string, more: object = {}) => crewWith({ a: { approval: { ...more } } }, { name });

describe('the inbox', () => {
  it('lists what is open over all runs, by crew and by who is asked, and forgets what is decided', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, read, when } = inboxOf(world);
      const [one, two] = [uniqueName('one').slice(0, 30), uniqueName('two').slice(0, 30)];
      const ann = uniqueName(`a"nn\\ 50%`);
      const first = await world.start(asking(one, { question: 'Shall "{{topic}}" go out?' }), {});
      const second = await world.start(asking(two, { assignees: [ann, 'bob'] }), {});
      const [entry] = (await when(`crew=${one}`, 1)).approvals;
      assert.deepEqual(
        { ...entry, requestedAt: '', links: '' },
        {
          runId: first,
          crew: one,
          id: 'a.output.1',
          kind: 'task_output',
          taskId: 'a',
          attempt: 1,
          question: 'Shall "{topic}" go out?',
          actions: ['approve', 'reject', 'edit', 'skip', 'abort'],
          requestedAt: '',
          links: '',
        },
      );
      const asked = await when(`assignee=${encodeURIComponent(ann)}&status=open`, 1);
      assert.deepEqual([asked.approvals[0]?.runId, asked.approvals[0]?.assignees], [second, [ann, 'bob']]);
      assert.deepEqual((await read(`crew=${one}&assignee=bob`)).approvals, []);

      const self = new URL(entry?.links.self ?? '').pathname;
      assert.equal((await post(self, { action: 'approve', by: 'ada' })).status, 200);
      await when(`crew=${one}`, 0);
      await world.runs.terminate(DEFAULT_TENANT, second, 'test');
      await when(`crew=${two}`, 0);
    });
  });

  it('has each of several approvals of a run, also after one is decided and after a rejection', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { post, when } = inboxOf(world);
      const name = uniqueName('three').slice(0, 30);
      const question = 'Why? '.repeat(200);
      const task = { approval: { question } };
      const runId = await world.start(crewWith({ a: task, b: task, c: task }, { name, process: 'parallel' }), {});
      const { approvals } = await when(`crew=${name}`, 3);
      assert.deepEqual(approvals.map(({ id }) => id).sort(), ['a.output.1', 'b.output.1', 'c.output.1']);
      for (const { question: shown = '' } of approvals) assert.ok(shown.length < 300 && shown.endsWith('…'));
      const decide = (id: string, body: object) => post(`/v1/runs/${runId}/approvals/${id}`, { by: 'ada', ...body });
      await decide('a.output.1', { action: 'approve' });
      await when(`crew=${name}`, 2);
      await decide('b.output.1', { action: 'reject', feedback: 'again' });
      await eventually('the second attempt', async () =>
        (await when(`crew=${name}`, 2)).approvals.some(({ id }) => id === 'b.output.2'),
      );
    });
  });

  it('walks by cursor through all runs, each once; and says where a run has more than it lists', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const { get, read, when } = inboxOf(world);
      const name = uniqueName('many').slice(0, 30);
      const ids = Array.from({ length: MAX_WAITING + 2 }, (_, at) => `t${at}`);
      const many = crewWith(Object.fromEntries(ids.map((id) => [id, { approval: true }])), {
        name,
        process: 'parallel',
        max_parallel: ids.length,
      });
      const big = await world.start(many, {});
      const small = await Promise.all(Array.from({ length: 4 }, () => world.start(asking(name), {})));
      // Listed as it waits in the end: what changes meanwhile is listed elsewhere.
      await eventually('all of them', async () => {
        const { approvals, incomplete } = await when(`crew=${name}`, MAX_WAITING + 4);
        const { view } = await world.runs.get(DEFAULT_TENANT, big);
        const isOpen = ids.every((id) => view.approvals.some(({ taskId }) => taskId === id));
        return isOpen && incomplete?.includes(big) && approvals;
      });
      const found: Entry[] = [];
      const incomplete: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await read(`crew=${name}&limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
        found.push(...page.approvals);
        incomplete.push(...(page.incomplete ?? []));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      assert.equal(new Set(found.map(({ runId, id }) => `${runId} ${id}`)).size, MAX_WAITING + 4);
      assert.deepEqual([...new Set(found.map(({ runId }) => runId))].sort(), [big, ...small].sort());
      assert.deepEqual(incomplete, [big]);

      const other = await read(`crew=${name}&limit=1`);
      const wrong = await get(`/v1/approvals?limit=1&cursor=${other.nextCursor}`);
      assert.deepEqual([wrong.status, wrong.json.code], [400, 'invalid_cursor']);
      const closed = await get('/v1/approvals?status=decided');
      assert.deepEqual([closed.status, closed.json.errors[0].path], [422, 'status']);
      assert.match(closed.json.errors[0].message, /in their run, at \/v1\/runs/);
    });
  });

  it('goes on over continue-as-new', async () => {
    const server = await serverWith('limit.historyCount.suggestContinueAsNew=40');
    try {
      const rounds = Array.from({ length: 12 }, () => toolCall('add', { a: 1, b: 1 }, 'DO-b'));
      await inCrewWorld(
        { answers: [...rounds, { when: 'DO-b', text: 'B' }, { when: 'DO-a', text: 'A' }] },
        async (world) => {
          const { post, when } = inboxOf(world);
          const name = uniqueName('long').slice(0, 30);
          const tasks = { a: { approval: true }, b: { tools: ['add'] } };
          const runId = await world.start(crewWith(tasks, { name, process: 'parallel' }), {});
          await eventually('a second part', async () => (await world.histories(runId)).length > 1);
          const { id } = await openApproval(world, runId);
          await when(`crew=${name}`, 1);
          assert.equal((await post(`/v1/runs/${runId}/approvals/${id}`, { action: 'approve' })).status, 200);
          await when(`crew=${name}`, 0);
        },
        { server, tools: [adder().tool] },
      );
    } finally {
      await server.env.teardown();
    }
  });

  it('leaves no trace in the history of a run that asks nobody', async () => {
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewWith({ a: {} }), {});
      await world.handle(runId).result();
      const { events = [] } = await world.history(runId);
      const extra = events?.filter(
        (event) => event.markerRecordedEventAttributes ?? event.workflowPropertiesModifiedEventAttributes,
      );
      assert.deepEqual(extra, []);
    });
  });
});
