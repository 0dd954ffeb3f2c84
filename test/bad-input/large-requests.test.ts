import assert from 'node:assert/strict';
import { createCatalog } from '../../src/adapters/catalog.js';
import { testApp } from '../support/app.js';
import { untilStatus } from '../support/coordination.js';
import { inCrewWorld, openApproval } from '../support/crew-world.js';
import { filesOf } from '../support/crews.js';
import { crewWith } from '../support/engine.js';

const LISTED = 50;

/** So many things by key, each with a name of its own. */
function many<T>(word: string, count: number, value: T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${word}${at}`, structuredClone(value)]));
}

describe('requests that say too much', () => {
  it('are answered with what is wrong first, and change nothing', () =>
    inCrewWorld({ answers: [{ text: 'said', repeat: true }] }, async (world) => {
      const crew = crewWith(
        { a: {}, b: {}, c: { human_input: true } },
        { inputs: many('i', 500, { required: false }) },
      );
      const { runs, batches, schedules, threads, store } = world;
      const crews = createCatalog(filesOf(crew), store);
      const gateway = testApp({ runs, batches, schedules, threads, store, crews });
      const runId = await world.start(crew, {});
      const { id } = await openApproval(world, runId);
      const inputs = many('a_name_that_nobody_declared', 200, 'x');
      const items = Array.from({ length: 100 }, () => ({ inputs }));
      const unknown = many('a_name_that_nobody_declared', 20_000, 'x');
      const requests: [path: string, body: object, code: string, problems: number][] = [
        ['/v1/runs', { crew: 'made', inputs: unknown }, 'invalid_inputs', LISTED],
        ['/v1/batches', { crew: 'made', items }, 'invalid_inputs', LISTED],
        ['/v1/runs', { crew: 'made', webhooks: Object.keys(unknown) }, 'invalid_request', 1],
        [`/v1/runs/${runId}/fork`, { fromTask: 'c', edits: unknown }, 'invalid_fork', 20],
        [
          `/v1/runs/${runId}/fork`,
          { fromTask: 'c', overrides: { tasks: many('t', 300, {}) } },
          'invalid_definition',
          1,
        ],
        [`/v1/runs/${runId}/approvals/${id}`, { action: 'approve', answer: unknown }, 'invalid_request', 1],
        [`/v1/runs/${runId}/approvals/${id}`, { action: 'edit', arguments: unknown }, 'invalid_request', 1],
        [`/v1/runs/${runId}/approvals/${id}`, { action: 'approve', ...unknown }, 'invalid_request', LISTED],
      ];
      for (const [path, body, code, problems] of requests) {
        const { status, json, text } = await gateway.post(path, body);
        const what = `${path} ${Object.keys(body).slice(0, 3).join()}: ${text.slice(0, 300)}`;
        assert.deepEqual(
          [status, json.code, (json.errors as unknown[] | undefined)?.length],
          [422, code, problems],
          what,
        );
      }
      assert.equal((await openApproval(world, runId)).id, id);
      await gateway.post(`/v1/runs/${runId}/approvals/${id}`, { action: 'approve' });
      await untilStatus(gateway, runId, 'completed');
    }));
});
