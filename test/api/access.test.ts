import assert from 'node:assert/strict';
import { createApprovalLinks } from '../../src/adapters/approval-links.js';
import { createCatalog } from '../../src/adapters/catalog.js';
import { createRunWatch } from '../../src/adapters/temporal/watch.js';
import { createPayloadSealing } from '../../src/adapters/encryption/codec-server.js';
import { openWebhooks } from '../../src/adapters/webhooks/index.js';
import { ACCESS } from '../../src/api/access.js';
import type { Scope } from '../../src/contract/identity.js';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld } from '../support/crew-world.js';
import { crewOf, filesOf, uniqueName } from '../support/crews.js';
import { ringOf } from '../support/encryption.js';
import { testIdentity } from '../support/identity.js';
import { MATRIX, type Things } from '../support/matrix.js';
import { testStore } from '../support/store.js';

/** What no other tenant may see. */
const MARKER = 'only-of-the-first';

const spoken = (name: string, task: object = {}) => ({
  schemaVersion: 1,
  name,
  inputs: { topic: {} },
  agents: { one: { role: 'R', goal: 'G', backstory: 'B' } },
  tasks: {
    say: { description: 'SAY {topic}', expected_output: 'Words', agent: 'one', output_file: 'said.md', ...task },
  },
});

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** Every operation of the document. */
async function operations(get: (path: string) => Promise<{ json: unknown }>) {
  const { paths } = (await get('/openapi.json')).json as { paths: Record<string, Record<string, Operation>> };
  return Object.values(paths).flatMap((path) =>
    METHODS.flatMap((method) => (path[method] ? [{ method: method.toUpperCase(), ...path[method] }] : [])),
  );
}

interface Operation {
  operationId: string;
  security: object[];
  'x-scope'?: string;
  responses: Record<string, object>;
}

const roles: Record<string, Scope[]> = { read: ['read'], run: ['run'], approve: ['approve'], admin: ['admin'] };

describe('access', function () {
  this.timeout(400_000);

  it('has a line for every operation, which its document says', async () => {
    const all = await operations(testApp().get);
    const ids = all.map(({ operationId }) => operationId).sort();
    assert.deepEqual(Object.keys(ACCESS).sort(), ids);
    assert.deepEqual(Object.keys(MATRIX).sort(), ids);
    for (const { operationId, security, 'x-scope': scope, responses } of all) {
      const needs = MATRIX[operationId]?.needs;
      assert.equal(ACCESS[operationId], needs, operationId);
      assert.equal(scope, needs === 'open' || needs === 'any' ? undefined : needs, operationId);
      assert.deepEqual(security, needs === 'open' ? [] : [{ bearer: [] }], operationId);
      assert.equal('401' in responses, needs !== 'open', operationId);
    }
  });

  it('is given to every role as the table says, and to no other tenant', async () => {
    const catalog = createCatalog(filesOf(), (await testStore()).store);
    const script = { answers: [{ when: 'SAY', text: `words ${MARKER}`, repeat: true }] };
    await inCrewWorld(
      script,
      async (world) => {
        const ids = await testIdentity();
        const { identity, keyOf } = ids;
        const { databaseUrl } = await testStore();
        const webhooks = openWebhooks({ databaseUrl, allowPrivate: false });
        const [first, second] = [uniqueName('first'), uniqueName('second')];
        const gateway = testApp({
          ...world,
          crews: createCatalog(filesOf(), world.store),
          watch: createRunWatch(world.client, world.runs),
          links: createApprovalLinks('a secret of more than thirty-two characters'),
          webhooks,
          identity,
          sealing: createPayloadSealing(ringOf('k1'), assert.fail),
          scrapeMetrics: () => Promise.resolve(''),
        });
        const { get, post, send } = gateway;
        const headersOf = async (tenant: string) => ({
          none: {},
          ...Object.fromEntries(
            await Promise.all(
              Object.entries(roles).map(
                async ([role, scopes]) => [role, (await keyOf(tenant, scopes)).headers] as const,
              ),
            ),
          ),
        });
        const own: Record<string, Record<string, string>> = await headersOf(first);
        const others: Record<string, Record<string, string>> = await headersOf(second);
        const admin = own['admin'] ?? {};
        const ok = async (answer: ReturnType<typeof send>) => {
          const { status, json, text } = await answer;
          assert.ok(status < 300, `${status} ${text}`);
          return json as Record<string, string>;
        };

        for (const headers of [admin, others['admin'] ?? {}])
          await ok(send('PUT', '/v1/crews/spoken', spoken('spoken'), headers));
        const crew = `own-${MARKER}`;
        await ok(send('PUT', `/v1/crews/${crew}`, spoken(crew), admin));
        await ok(send('PUT', '/v1/crews/asking', spoken('asking', { human_input: true }), admin));
        const inputs = { topic: MARKER };
        const make: Record<keyof Things, () => Promise<Partial<Things>>> = {
          tenant: () => Promise.resolve({ tenant: first }),
          ended: async () => ({ ended: (await ok(post('/v1/runs?wait=60', { crew, inputs }, admin)))['runId'] ?? '' }),
          waiting: async () => {
            const { runId: waiting = '' } = await ok(post('/v1/runs', { crew: 'asking', inputs }, admin));
            const approval = await eventually('the approval', async () => {
              const { json } = await get(`/v1/runs/${waiting}`, admin);
              return (json?.approvals as { id: string }[] | undefined)?.[0]?.id;
            });
            return { waiting, approval };
          },
          approval: () => make.waiting(),
          batch: async () => {
            const body = { crew: 'asking', items: [{ inputs }] };
            const { batchId = '' } = await ok(post('/v1/batches', body, admin));
            return { batch: batchId };
          },
          schedule: async () => {
            const body = { id: uniqueName('s').slice(0, 30), crew, inputs, cron: ['0 0 1 1 *'], note: MARKER };
            return { schedule: (await ok(post('/v1/schedules', body, admin)))['id'] ?? '' };
          },
          crew: () => Promise.resolve({ crew }),
          webhook: async () => {
            const body = { url: 'https://receiver.invalid/hook', description: MARKER, enabled: false };
            const { id: webhook = '' } = await ok(post('/v1/webhooks', body, admin));
            const { id: delivery = '' } = await ok(send('POST', `/v1/webhooks/${webhook}/ping`, undefined, admin));
            return { webhook, delivery };
          },
          delivery: () => make.webhook(),
          key: async () => ({ key: (await keyOf(first, ['read'], { name: MARKER })).key.id }),
        };
        const things = { crew, tenant: first } as Things;
        for (const kind of ['ended', 'waiting', 'batch', 'schedule', 'key', 'webhook'] as const)
          Object.assign(things, await make[kind]());
        await eventually('the inbox', async () => (await get('/v1/approvals', admin)).text.includes(things.waiting));

        for (const { operationId, method } of await operations(get)) {
          const line = MATRIX[operationId];
          assert.ok(line, operationId);
          // 503 says to come again: a busy server needs its time for schedules.
          const call = async (headers: Record<string, string> = {}, tries = 3): ReturnType<typeof send> => {
            const { path, body } = line.request(things);
            const answer = await send(method, path, body, headers);
            return answer.status === 503 && tries > 1 ? call(headers, tries - 1) : answer;
          };
          const may = (role: string) =>
            line.needs === 'open' ||
            (role !== 'none' && (line.needs === 'any' || role === 'admin' || role === line.needs));

          // Those who may not, first: what they were refused has not happened.
          for (const role of ['none', ...Object.keys(roles)].filter((one) => !may(one))) {
            for (const [whose, headers] of [
              ['own', own[role]],
              ['other', others[role]],
            ] as const) {
              const { status, json, text, headers: answer } = await call(headers);
              assert.equal(status, role === 'none' ? 401 : 403, `${operationId} as ${role}, ${whose}: ${text}`);
              assert.equal(json.code, role === 'none' ? 'unauthenticated' : 'forbidden_scope', operationId);
              if (role !== 'none') assert.match(json.detail as string, new RegExp(`'${line.needs}'`));
              assert.ok(answer.has('www-authenticate'));
            }
          }
          if (line.needs !== 'open') {
            for (const role of Object.keys(roles).filter(may)) {
              const { status, text } = await call(others[role]);
              const what = `${operationId} as ${role} of another tenant: ${status} ${text.slice(0, 300)}`;
              if (line.elsewhere === 404) assert.equal(status, 404, what);
              else assert.ok(status < 300, what);
              for (const id of [...Object.values(things), first])
                if (!JSON.stringify(line.request(things)).includes(id)) assert.ok(!text.includes(id), what);
              if (line.elsewhere === 'apart' && operationId !== 'executeAgents')
                assert.ok(!text.includes(MARKER), what);
            }
          }
          for (const role of ['none', ...Object.keys(roles)].filter(may)) {
            if (line.uses) Object.assign(things, await make[line.uses]());
            if (operationId === 'retryRun') {
              await ok(post(`/v1/runs/${things.waiting}/cancel`, {}, admin));
              await ok(get(`/v1/runs/${things.waiting}/result?wait=60`, admin));
            }
            const { status, text } = await call(own[role]);
            const isAway = line.operatorOnly ?? (line.needs === 'open' && line.elsewhere === 404);
            const expected = isAway ? status === 404 : status < 300;
            assert.ok(expected, `${operationId} as ${role}: ${status} ${text.slice(0, 300)}`);
            if (line.uses) Object.assign(things, await make[line.uses]());
          }
        }
        for (const headers of [admin, others['admin'] ?? {}]) {
          const { json } = await get('/v1/schedules', headers);
          for (const { id } of json.schedules as { id: string }[])
            await send('DELETE', `/v1/schedules/${id}`, undefined, headers);
        }
        await webhooks.close();
        await ids.close();
      },
      { crews: catalog },
    );
  });

  it('is asked for in the name of the caller alone', async () => {
    await inCrewWorld({ answers: [{ when: 'SAY', text: 'words', repeat: true }] }, async (world) => {
      const ids = await testIdentity();
      const tenant = uniqueName('tenant');
      const { headers } = await ids.keyOf(tenant, ['admin'], { name: 'ada' });
      const crews = createCatalog(filesOf(crewOf(spoken('asking', { human_input: true }))), world.store);
      const { get, post } = testApp({ ...world, crews, identity: ids.identity });
      const { json: started } = await post('/v1/runs', { crew: 'asking', inputs: { topic: 'x' } }, headers);
      const run = `/v1/runs/${started.runId}`;
      const approval = await eventually('the approval', async () => {
        const { json } = await get(run, headers);
        return (json?.approvals as { id: string }[] | undefined)?.[0]?.id;
      });
      const calls: [string, object][] = [
        [`${run}/approvals/${approval}`, { action: 'approve' }],
        [`${run}/messages`, { text: 'Hello' }],
        [`${run}/stop`, {}],
        [`${run}/cancel`, {}],
      ];
      for (const [path, body] of calls) {
        const { status, json } = await post(path, { ...body, by: 'bob' }, headers);
        assert.equal(status, 422, path);
        assert.deepEqual((json.errors as object[])[0], {
          path: 'by',
          message: "You are 'ada': leave it out, or give that name",
        });
      }
      const said = await post(`${run}/messages`, { text: 'Hello', by: 'ada' }, headers);
      assert.equal(said.json.by, 'ada');
      const { json } = await post(`${run}/approvals/${approval}`, { action: 'approve' }, headers);
      assert.equal(json.decision.by, 'ada');
      assert.equal(json.decision.byClaimed, false);
      await ids.close();
    });
  });
});
