import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineTool, type Tool } from '../../src/authoring/define.js';
import { createCatalog } from '../../src/adapters/catalog.js';
import { openStore } from '../../src/adapters/store/index.js';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { publishing } from '../../src/compose-events.js';
import type { Config } from '../../src/config.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { startRelay } from '../../src/outbox-relay.js';
import { testApp } from '../support/app.js';
import { untilStatus } from '../support/coordination.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { crewOf, filesOf, uniqueName } from '../support/crews.js';
import { toolCall } from '../support/engine.js';
import { memoryLogger } from '../support/logger.js';
import { neededPostgres, startPostgres, type Postgres } from '../support/postgres.js';

type Gateway = ReturnType<typeof testApp>;

/** What Postgres and UTF-8 have no room for, short and too long for a history. */
const BROKEN: Record<string, string> = {
  'a NUL': 'a\0b',
  'half a pair': 'a\ud800b',
  'the other half': '\udfffb',
  'both, long': `${'x'.repeat(5_000)}\0\ud800`,
};

const say = defineTool({
  name: 'say',
  description: 'Says it again.',
  input: z.object({ text: z.string() }),
  run: ({ text }) => text,
}) as unknown as Tool;

const agent = { role: 'R', goal: 'G', backstory: 'B' };
const crew = crewOf({
  schemaVersion: 1,
  name: 'asking',
  inputs: { topic: { max_length: 20_000 } },
  agents: { one: { ...agent, tools: [{ name: 'say', approval: true }] }, two: agent },
  tasks: {
    call: { description: 'CALL {topic}', expected_output: 'Words', agent: 'one' },
    draft: { description: 'DRAFT', expected_output: 'Words', agent: 'two', human_input: true },
    write: { description: 'WRITE', expected_output: 'Words', agent: 'two', approval: { answer_schema: { type: 'object' } }, output_file: 'said.md' }, // prettier-ignore
    end: { description: 'END', expected_output: 'Words', agent: 'two', context: ['write'] },
  },
});

/** Every place of a request that takes a text, with this one in it. */
function requestsWith(
  text: string,
  runId: string,
  approvalId: string,
): [method: string, path: string, body?: unknown][] {
  const run = `/v1/runs/${runId}`;
  const approval = `${run}/approvals/${approvalId}`;
  const inPath = encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\ufffd').slice(-20));
  const inputs = { topic: text };
  const definition = { schemaVersion: 1, name: 'stored', agents: { one: { ...agent, goal: text } }, tasks: { a: { description: text, expected_output: text, agent: 'one' } } }; // prettier-ignore
  return [
    ['POST', '/v1/runs', { crew: 'asking', inputs }],
    ['POST', '/v1/runs', { crew: 'asking', inputs: { topic: 'tea' }, label: text }],
    ['POST', '/v1/runs', { crew: text, inputs: {} }],
    ['POST', '/v1/runs', { crew: 'asking', inputs: { [text]: 'x' } }],
    ['POST', '/agents/execute', { workflow_id: text, parameters: { topic: 'tea' } }],
    ['POST', '/v1/batches', { crew: 'asking', items: [{ inputs }] }],
    ['POST', '/v1/batches', { crew: 'asking', items: [{ inputs: { topic: 'tea' }, label: text }], label: text }],
    ['POST', '/v1/schedules', { id: 'broken', crew: 'asking', inputs, cron: ['0 0 1 1 *'] }],
    ['POST', `${run}/messages`, { text }],
    ['POST', `${run}/messages`, { text: 'x', by: text }],
    ['POST', `${run}/stop`, { by: text }],
    ['POST', `${run}/cancel`, { reason: text }],
    ['POST', approval, { action: 'reject', feedback: text }],
    ['POST', approval, { action: 'approve', by: text }],
    ['POST', approval, { action: 'edit', output: text }],
    ['POST', `${run}/fork`, { fromTask: 'end', edits: { write: text } }],
    ['POST', `${run}/fork`, { fromTask: 'end', inputs }],
    ['PUT', '/v1/crews/stored', definition],
    ['POST', '/v1/crews:validate', definition],
    ['POST', '/v1/webhooks', { url: `https://receiver.invalid/${text}`, enabled: false }],
    ['POST', '/v1/webhooks', { url: 'https://receiver.invalid/', description: text, enabled: false }],
    ['GET', `/v1/crews/${inPath}`],
    ['GET', `/v1/crews/asking?version=${inPath}`],
    ['GET', `/v1/runs?label=${inPath}`],
    ['GET', `/v1/runs?cursor=${inPath}`],
    ['GET', `/v1/runs/${inPath}`],
    ['GET', `${run}/artifacts/${inPath}`],
    ['GET', `${run}/tasks/${inPath}/output`],
    ['GET', `/v1/approvals?assignee=${inPath}`],
    ['GET', `/v1/webhooks/${inPath}`],
    ['GET', `/v1/webhooks/none/deliveries?run=${inPath}`],
    ['GET', `/v1/webhooks/none/deliveries?cursor=${inPath}`],
  ];
}

/** Texts that must never get as far as a run. */
const NEVER = [
  /^\/v1\/(runs|batches) .*"(inputs|label)":/,
  /\/messages /,
  /"(feedback|by|reason|edits)":/,
  /"action":"edit"/,
  /\/webhooks .*"description":/,
];

describe('texts that no database takes, on a real Postgres', function () {
  this.timeout(120_000);
  let postgres: Postgres | undefined;

  before(async function () {
    postgres = await startPostgres(neededPostgres(this));
  });
  after(() => postgres?.stop());

  /** A world that keeps, and tells, everything in that database; `hook`: the endpoint that is told. */
  async function inWorld(use: (world: CrewWorld, gateway: Gateway, hook: string) => Promise<void>): Promise<void> {
    const { databaseUrl } = postgres ?? assert.fail('Postgres was not started');
    const store = openStore({ databaseUrl });
    const webhooks = openWebhooks({ databaseUrl, allowPrivate: true });
    const relay = startRelay({ outbox: store.outbox, sink: webhooks.sink, logger: memoryLogger() }, { idleMs: 20 });
    const said = BROKEN['both, long'] ?? '';
    const answers = [
      { when: 'DRAFT', text: 'a draft', repeat: true },
      { when: 'WRITE', text: `${said} of the model`, repeat: true },
      { when: 'END', text: 'the end\0\ud800', repeat: true },
      { ...toolCall('say', { text: 'a\0b\ud800' }, 'CALL') },
      { when: 'CALL', text: 'called', repeat: true },
    ];
    try {
      await inCrewWorld(
        { answers },
        async (world) => {
          const { runs, batches, schedules, threads } = world;
          const crews = createCatalog(filesOf(crew), store);
          const gateway = testApp({ runs, batches, schedules, threads, store, webhooks, crews });
          const url = 'https://receiver.invalid/';
          const { json } = await gateway.post('/v1/webhooks', {
            url,
            events: ['*'],
            description: uniqueName('broken'),
          });
          await use(world, gateway, json.id as string);
        },
        { store, outbox: store.outbox, publishOf: publishing({} as Config, webhooks), tools: [say] },
      );
    } finally {
      await relay.stop();
      await webhooks.close();
      await store.close();
    }
  }

  it('are refused where they would get into a run, and nowhere an error of ours', () =>
    inWorld(async (world, gateway) => {
      const runId = await world.start(crew);
      const asked = await openApproval(world, runId);
      for (const [what, text] of Object.entries(BROKEN)) {
        for (const [method, path, body] of requestsWith(text, runId, asked.id)) {
          const { status, text: answer } = await gateway.send(method, path, body);
          const request = `${path} ${JSON.stringify(body)}`;
          const said = `${what}: ${method} ${request.slice(0, 300)} → ${status} ${answer.slice(0, 300)}`;
          assert.ok(status < 500, said);
          if (method === 'POST' && NEVER.some((place) => place.test(request))) assert.equal(status, 422, said);
        }
      }
      assert.equal((await openApproval(world, runId)).id, asked.id, 'nothing was decided');
      const { json } = await gateway.get('/v1/crews/stored');
      assert.deepEqual([json.name, json.version], ['stored', String(Object.keys(BROKEN).length)]);
    }));

  it('that models, tools, signals and Updates bring all the same get through, and everything can be read', () =>
    inWorld(async (world, gateway, hook) => {
      const runId = await world.start(crew, { topic: 'tea' });
      const odd = 'a\0b\ud800';
      const long = BROKEN['both, long'] ?? '';
      const signal = (approvalId: string, more: object) =>
        world.handle(runId).signal('decideApproval', { approvalId, by: odd, ...more } as never);
      const asked = (taskId: string, attempt = 1) =>
        eventually(`attempt ${attempt} of ${taskId}`, async () => {
          const open = await openApproval(world, runId);
          return open.taskId === taskId && open.attempt === attempt && open;
        });

      await world.runs.message(DEFAULT_TENANT, runId, { text: odd, by: odd }, 'message/odd');
      const decide = async (approvalId: string, decision: object) => {
        const { status, text } = await gateway.post(`/v1/runs/${runId}/approvals/${approvalId}`, decision);
        assert.equal(status, 200, text);
      };
      await signal((await asked('call')).id, { action: 'edit', arguments: { text: long } });
      // Of a text that a person edits only what cannot be kept is refused.
      await decide((await asked('draft')).id, { action: 'edit', output: `${'x'.repeat(5_000)}\0` });
      await signal((await asked('write')).id, { action: 'reject', feedback: odd });
      const answer = { why: odd, [odd]: [odd] };
      await decide((await asked('write', 2)).id, { action: 'approve', answer });

      const run = await untilStatus(gateway, runId, 'completed');
      const tasks = run.tasks as { id: string; output: string; answer?: object }[];
      assert.deepEqual(tasks.find(({ id }) => id === 'write')?.answer, answer);
      for (const path of [
        '',
        '/result',
        '/artifacts',
        '/artifacts/said.md',
        '/tasks/draft/output',
        '/tasks/write/output',
      ]) {
        const read = await gateway.get(`/v1/runs/${runId}${path}`);
        assert.equal(read.status, 200, `${path}: ${read.text}`);
      }
      const deliveries = await eventually('every event to be told', async () => {
        const { json } = await gateway.get(`/v1/webhooks/${hook}/deliveries?run=${runId}&limit=100`);
        const all = json.deliveries as { id: string }[];
        return all.length === run.lastSeq && all;
      });
      for (const { id } of deliveries) {
        const { status: read, json } = await gateway.get(`/v1/webhooks/${hook}/deliveries/${id}`);
        assert.equal(read, 200);
        assert.equal((JSON.parse(json.body as string) as { runId: string }).runId, runId);
      }
      const fork = await gateway.post(`/v1/runs/${runId}/fork`, { fromTask: 'end' });
      assert.equal(fork.status, 201, fork.text);
      await untilStatus(gateway, fork.json.runId as string, 'completed');
    }));
});
