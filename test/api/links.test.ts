import assert from 'node:assert/strict';
import { createApprovalLinks } from '../../src/adapters/approval-links.js';
import { RunsError } from '../../src/contract/runs-error.js';
import { testApp } from '../support/app.js';
import { eventually, inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf } from '../support/crews.js';
import { crewWith } from '../support/engine.js';
import { failingRuns } from '../support/fake-runs.js';
import { assertNoTrace } from '../support/histories.js';

const crew = crewWith(
  { a: { approval: { question: 'Fit for <the> web?', answer_schema: { enum: ['web', 'print'] }, max_rejections: 2 } } },
  { name: 'asks' },
);
const links = createApprovalLinks('a secret of more than thirty-two characters');

async function opened(world: CrewWorld, asks = crew) {
  const app = testApp({ runs: world.runs, store: world.store, crews: catalogOf(asks), links });
  const { runId } = (await app.post('/v1/runs', { crew: 'asks' })).json;
  const approval = await eventually(
    'the approval',
    async () => (await app.get(`/v1/runs/${runId}`)).json.approvals?.[0],
  );
  const path = `/v1/runs/${runId}/approvals/${approval.id}`;
  const link = async (body: object) => new URL((await app.post(`${path}/links`, body)).json.url).pathname;
  const form = (to: string, fields: Record<string, string>) =>
    app.app.request(to, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost' },
      body: new URLSearchParams(fields).toString(),
    });
  return { ...app, runId, approval, path, link, form };
}

describe('one-time links', () => {
  it('show a form that decides nothing, decide once by POST, and are 410 after that', async () => {
    await inCrewWorld({ answers: [{ text: 'the <b>output</b>' }] }, async (world) => {
      const { get, send, link, form, runId, approval, path, logger } = await opened(world);
      const url = await link({ by: 'carla' });
      for (const method of ['GET', 'HEAD', 'GET']) {
        const page = await send(method, url);
        assert.equal(page.status, 200);
        if (method === 'HEAD') continue;
        assert.match(page.text, /Fit for &lt;the&gt; web\?/);
        assert.match(page.text, /the &lt;b&gt;output&lt;\/b&gt;/);
        assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
        assert.equal(page.headers.get('cache-control'), 'no-store');
        assert.doesNotMatch(page.text, /<script/);
      }
      const before = await world.history(runId);
      const unfit = await form(url, { action: 'approve', answer: 'radio' });
      assert.equal(unfit.status, 422);
      assert.match(await unfit.text(), /could not be taken[^]*answer/);
      assert.equal((await form(url, { action: 'nod' })).status, 422);
      assert.equal((await form(url, { action: 'reject' })).status, 422);
      assertNoTrace(before, await world.history(runId));

      const both = await Promise.all([
        form(url, { action: 'approve', answer: 'web' }),
        form(url, { action: 'approve', answer: 'print' }),
      ]);
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 410]);
      const { approvals } = (await get(`/v1/runs/${runId}`)).json;
      assert.deepEqual(
        [approvals[0].decision.by, approvals[0].decision.via, approvals[0].decision.byClaimed],
        ['carla', 'link', false],
      );
      const again = await get(url);
      assert.equal(again.status, 410);
      assert.match(again.text, /decided \(approve\) by carla/);
      assert.equal((await form(url, { action: 'reject', feedback: 'x' })).status, 410);
      assert.equal(approval.status, 'open');
      assert.match(JSON.stringify(logger.lines), /"path":"\/d\/…"/);
      assert.ok(!JSON.stringify(logger.lines).includes(url.slice('/d/'.length)), 'the link is in the log');
      assert.ok(path);
    });
  });

  it('let their holder do no more than they say, as long as they say, and cannot be made up', async () => {
    await inCrewWorld({ answers: [{ text: 'A', repeat: true }] }, async (world) => {
      const { get, post, link, form, runId, approval, path } = await opened(world);
      const limited = await link({ by: 'carla', actions: ['reject'] });
      assert.doesNotMatch((await get(limited)).text, /value="approve"/);
      assert.equal((await form(limited, { action: 'approve', answer: 'web' })).status, 422);
      const claims = { tenant: 'default', runId, approvalId: approval.id, by: 'eve', actions: ['approve' as const] };
      const late = await links.sign(claims, Date.now() - 5_000);
      assert.deepEqual(
        [(await get(`/d/${late}`)).status, (await form(`/d/${late}`, { action: 'approve' })).status],
        [410, 410],
      );
      const forged = await createApprovalLinks('another secret of thirty-two characters!').sign(
        claims,
        Date.now() + 60_000,
      );
      assert.equal((await get(`/d/${forged}`)).status, 404);
      assert.equal((await get('/d/nonsense')).status, 404);
      assert.equal((await post(`${path}/links`, { by: 'x', expiresInSeconds: 1 })).status, 422);
      assert.equal((await post(`/v1/runs/${runId}/approvals/none/links`, { by: 'x' })).status, 404);

      const sentBack = await form(limited, { action: 'reject', feedback: 'Line one\r\nLine two' });
      assert.equal(sentBack.status, 200);
      await eventually('the second attempt', async () => (await get(`/v1/runs/${runId}`)).json.approvals?.length === 2);
      assert.match(JSON.stringify(world.model.calls().at(-1)?.messages), /Line one\\nLine two/);
      assert.equal((await post(`${path}/links`, { by: 'x' })).status, 409);
    });
  });

  it('take an answer as it is typed where it is to be a text, and offer the choices where there are some', async () => {
    const texts = crewWith({ a: { approval: { answer_schema: { enum: ['5', 'x <y>'] } } } }, { name: 'asks' });
    await inCrewWorld({ answers: [{ text: 'A' }] }, async (world) => {
      const { get, link, form, runId } = await opened(world, texts);
      const url = await link({ by: 'carla' });
      assert.match((await get(url)).text, /<option value="x &lt;y&gt;"/);
      assert.match(await (await form(url, { action: 'skip', answer: '' })).text(), /Taken at/);
      assert.equal((await get(`/v1/runs/${runId}`)).json.approvals[0].decision.action, 'skip');
    });
    await inCrewWorld({ answers: [{ text: 'A' }] }, async (world) => {
      const { get, link, form, runId } = await opened(world, texts);
      assert.equal((await form(await link({ by: 'carla' }), { action: 'approve', answer: '5' })).status, 200);
      assert.equal((await get(`/v1/runs/${runId}`)).json.approvals[0].decision.answer, '5');
    });
  });

  it('can be tried again where nothing answers, and say so in a page', async () => {
    const claims = {
      tenant: 'default',
      runId: 'r',
      approvalId: 'a.output.1',
      by: 'carla',
      actions: ['approve' as const],
    };
    const token = await links.sign(claims, Date.now() + 60_000);
    const away = new RunsError('worker_unavailable', 'No worker answered');
    const { send } = testApp({ runs: failingRuns(away), links });
    for (const method of ['GET', 'POST']) {
      const { status, text, headers } = await send(method, `/d/${token}`);
      assert.deepEqual([status, headers.get('content-type')], [503, 'text/html; charset=UTF-8']);
      assert.match(text, /try again in a moment/);
    }
  });

  it('say that there are none where no secret is set', async () => {
    await inCrewWorld({ answers: [{ text: 'A' }] }, async (world) => {
      const { runId, approval } = await opened(world);
      const without = testApp({ runs: world.runs, store: world.store });
      const { status, json } = await without.post(`/v1/runs/${runId}/approvals/${approval.id}/links`, { by: 'x' });
      assert.deepEqual([status, json.code], [409, 'links_not_configured']);
    });
  });
});
