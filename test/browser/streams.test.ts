import assert from 'node:assert/strict';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { RunEvent } from '../../src/contract/events.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { findBrowser, startBrowser } from '../support/browser.js';
import { eventually, inCrewWorld, openApproval, type CrewWorld } from '../support/crew-world.js';
import { crewWith, decide } from '../support/engine.js';
import { gatewayOf, served } from '../support/streams.js';

/** What the page keeps of what it was told, and how its reading stands. */
interface Heard {
  ids: string[];
  types: string[];
  ends: number;
  opens: number;
  readyState: number;
  failed?: string;
}

declare const window: {
  heard: Heard;
  client: { createClient(): { events(runId: string): AsyncIterable<RunEvent> } };
};

const answers = ['a', 'b', 'c'].map((id) => ({ when: `DO-${id}`, text: id }));
const crew = crewWith({ a: {}, b: { approval: true }, c: {} });

describe('a browser', function () {
  this.timeout(120_000);
  const program = findBrowser();
  if (program === undefined) {
    it('needs Chromium: install it (Debian: apt-get install chromium)', function () {
      assert.ok(process.env['REQUIRE_ALL'] !== '1', 'Chromium is not installed');
      this.skip();
    });
    return;
  }
  let browser: Browser;
  before(async () => {
    browser = await startBrowser(program);
  });
  after(() => browser.close());

  it('follows a run by EventSource over a kill of the gateway, and rests when it has ended', () =>
    inCrewWorld({ answers }, async (world) => {
      await onAPage(browser, world, async ({ page, runId, restart, decideOn }) => {
        const types = ['run.started', 'task.started', 'model.called', 'task.completed', 'approval.requested'];
        types.push('approval.decided', 'run.completed');
        await page.evaluate(
          ([id, named]) => {
            const source = new EventSource(`/v1/runs/${id}/events`);
            const heard: Heard = (window.heard = { ids: [], types: [], ends: 0, opens: 0, readyState: 0 });
            source.onopen = () => (heard.opens += 1);
            source.addEventListener('end', () => (heard.ends += 1));
            for (const type of named)
              source.addEventListener(type, (event) => {
                heard.ids.push((event as MessageEvent).lastEventId);
                heard.types.push(type);
              });
            setInterval(() => (heard.readyState = source.readyState), 20);
          },
          [runId, types] as const,
        );
        const heard = () => page.evaluate(() => window.heard);
        await eventually('the approval', async () => (await heard()).types.includes('approval.requested'));
        await restart();
        await eventually('the browser to come back', async () => (await heard()).opens >= 2);
        await decideOn();
        const CLOSED = 2;
        await eventually('the browser to rest', async () => (await heard()).readyState === CLOSED, 30_000);
        const { ids } = await heard();
        const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
        assert.deepEqual(
          ids,
          events.map(({ id }) => id),
        );
      });
    }));

  it('loads the client, which follows a run to its end over a kill of the gateway', () =>
    inCrewWorld({ answers }, async (world) => {
      const bundle = await build({
        entryPoints: ['src/client/index.ts'],
        ...{ bundle: true, write: false, format: 'iife', globalName: 'client', platform: 'browser' },
      });
      await onAPage(browser, world, async ({ page, runId, restart, decideOn }) => {
        await page.evaluate(`${bundle.outputFiles[0]?.text}; window.client = client`);
        await page.evaluate((id) => {
          const heard: Heard = (window.heard = { ids: [], types: [], ends: 0, opens: 0, readyState: 0 });
          (async () => {
            for await (const event of window.client.createClient().events(id)) {
              heard.ids.push(event.id);
              heard.types.push(event.type);
            }
            heard.ends = 1;
          })().catch((error: unknown) => (heard.failed = String(error)));
        }, runId);
        const heard = () => page.evaluate(() => window.heard);
        await eventually('the approval', async () => (await heard()).types.includes('approval.requested'));
        await restart();
        await decideOn();
        await eventually('the end', async () => (await heard()).ends === 1, 30_000);
        const { ids, failed } = await heard();
        const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
        assert.deepEqual([failed, ids], [undefined, events.map(({ id }) => id)]);
      });
    }));
});

/** A page of the gateway's own origin beside a run that asks; `restart` kills the gateway and serves a new one at its address. */
async function onAPage(
  browser: Browser,
  world: CrewWorld,
  test: (on: {
    page: Awaited<ReturnType<Browser['newPage']>>;
    runId: string;
    restart(): Promise<void>;
    decideOn(): Promise<unknown>;
  }) => Promise<void>,
): Promise<void> {
  let gateway = await served(gatewayOf(world).app);
  const { port } = new URL(gateway.url);
  const runId = await world.start(crew, {});
  // Our answers let a page load nothing; a page that reads streams is somebody's own, with a policy of its own.
  const page = await browser.newPage({ bypassCSP: true });
  try {
    await page.goto(`${gateway.url}/`);
    await test({
      page,
      runId,
      restart: async () => {
        await gateway.close();
        gateway = await served(gatewayOf(world).app, Number(port));
      },
      decideOn: async () =>
        decide(world, runId, { approvalId: (await openApproval(world, runId)).id, action: 'approve' }),
    });
    await world.handle(runId).result();
  } finally {
    await page.close();
    await gateway.close();
  }
}
