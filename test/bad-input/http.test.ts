import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createApprovalLinks } from '../../src/adapters/approval-links.js';
import { createCatalog } from '../../src/adapters/catalog.js';
import { createRunWatch } from '../../src/adapters/temporal/watch.js';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { crewDocument, crewOf, filesOf, uniqueName } from '../support/crews.js';
import { Conformance, type Described } from '../support/described.js';
import { testStore } from '../support/store.js';
import { requestsOf, type DescribedRequest } from './described.js';

type Gateway = ReturnType<typeof testApp>;

const pair = crewOf(crewDocument());
const asking = crewOf({
  ...crewDocument(),
  name: 'asking',
  tasks: { write: { description: 'WRITE', expected_output: 'x', agent: 'writer', human_input: true } },
});
const answers = [{ text: 'words', repeat: true }];

/** What would never end, or end everything: probes of their own tests. */
const LEFT_OUT = ['streamRunEvents', 'sendDecisionForm'];

describe('the gateway over its own document', function () {
  this.timeout(300_000);

  it('gives requests made from it declared answers, where nothing is behind it', async () => {
    const gateway = testApp();
    await conform(gateway, {}, { numRuns: 3_000, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false });
  });

  it('gives them declared answers with all parts behind it, and goes on serving', () =>
    inCrewWorld({ answers }, async (world) => {
      const { gateway, known, close } = await wholeGateway(world);
      try {
        const options = { numRuns: 600, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false };
        const seen = await conform(gateway, known, options);
        assert.ok([...seen].filter((one) => / 2\d\d$/.test(one)).length > 8, [...seen].sort().join('\n'));
        const { status, json } = await gateway.post('/v1/runs', { crew: 'pair', inputs: { topic: 'tea' } });
        assert.equal(status, 201, JSON.stringify(json));
        const { runId } = json as { runId: string };
        const { status: now } = await eventually('the run to end', async () => {
          const { json: run } = await gateway.get(`/v1/runs/${runId}`);
          return run?.endedAt !== undefined && (run as { status: string });
        });
        assert.equal(now, 'completed');
        const { json: list } = await gateway.get('/v1/schedules');
        for (const { id } of list.schedules as { id: string }[]) await gateway.send('DELETE', `/v1/schedules/${id}`);
      } finally {
        await close();
      }
    }));
});

/** Sends requests; gives what was answered: `operation status`. */
async function conform({ app }: Gateway, known: Record<string, string[]>, options: fc.Parameters<[DescribedRequest]>) {
  const document = (await (await app.request('/openapi.json')).json()) as Described;
  const conformance = new Conformance(document);
  const seen = new Set<string>();
  const requests = requestsOf(document, known, (id) => !LEFT_OUT.includes(id));
  await fc.assert(
    fc.asyncProperty(requests, async ({ operationId, method, path, headers, body }) => {
      const response = await app.request(`http://localhost${path}`, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      const [text, contentType] = [await response.text(), response.headers.get('content-type') ?? ''];
      const what = `${method} ${path} ${body} → ${response.status} ${text.slice(0, 300)}`;
      assert.notEqual(response.status, 500, what);
      assert.doesNotMatch(text, /\bat \S+ \(|node_modules|ECONN|workflow task/i, what);
      conformance.check(method, path, { status: response.status, contentType, text });
      seen.add(`${operationId} ${response.status}`);
    }),
    options,
  );
  return seen;
}

/** A gateway with every part behind it, and the names of what is there. */
async function wholeGateway(world: CrewWorld) {
  const { databaseUrl } = await testStore();
  const webhooks = openWebhooks({ databaseUrl, allowPrivate: false });
  const gateway = testApp({
    ...world,
    crews: createCatalog(filesOf(pair, asking), world.store),
    watch: createRunWatch(world.client, world.runs),
    links: createApprovalLinks('a secret of more than thirty-two characters'),
    webhooks,
    settings: { executeWaitMs: 200, maxWaitMs: 300 },
  });
  const ended = await world.start(pair);
  await world.handle(ended).result();
  const waiting = await world.start(asking);
  const approval = await openApproval(world, waiting);
  const { json: webhook } = await gateway.post('/v1/webhooks', {
    url: 'https://receiver.invalid/x',
    description: uniqueName('fuzz'),
    enabled: false,
  });
  const known = {
    runId: [ended, waiting, 'no-such-run'],
    approvalId: [approval.id],
    taskId: ['find', 'write', 'constructor'],
    fromTask: ['find', 'write'],
    name: ['pair', 'asking', 'made'],
    crew: ['pair', 'asking'],
    webhookId: [webhook.id as string],
    status: ['running', 'completed'],
    path: ['said.md', '..'],
    wait: ['0', '1'],
  };
  const close = async () => {
    const { json } = await gateway.get('/v1/webhooks');
    for (const { id } of json.webhooks as { id: string }[]) await gateway.send('DELETE', `/v1/webhooks/${id}`);
    await webhooks.close();
  };
  return { gateway, known, close };
}
