import assert from 'node:assert/strict';
import { eventHandler } from '../../src/intake/handle-event.js';
import { readEvent } from '../../src/intake/read-event.js';
import type { IntakeOutcome, ReceivedEvent } from '../../src/ports.js';
import { decisionSchemas, registryOf } from '../support/app.js';
import { inCrewWorld, type CrewWorld } from '../support/crew-world.js';
import { catalogOf } from '../support/crews.js';
import { crewWith } from '../support/engine.js';
import { noWebhooks } from '../support/fake-webhooks.js';
import { memoryLogger } from '../support/logger.js';

const names = Array.from({ length: 30 }, (_, at) => `i${at}`);
const inputs = Object.fromEntries(names.map((name) => [name, { max_length: 100_000 }]));
const crew = crewWith({ a: {} }, { inputs });

function event(value: string): ReceivedEvent {
  return { topic: 'start', partition: 0, offset: '1', key: null, value: Buffer.from(value), headers: {} };
}

/** What becomes of an event that starts a run. */
function handled(world: CrewWorld, value: string): Promise<IntakeOutcome> {
  const handle = eventHandler(
    {
      runs: world.runs,
      threads: world.threads,
      crews: catalogOf(crew),
      models: registryOf('scripted-model'),
      known: {},
      store: world.store,
      webhooks: noWebhooks(),
      decisionSchemas: decisionSchemas(),
      logger: memoryLogger(),
    },
    { start: { crew: 'made', tenant: 'default' } },
  );
  return handle(event(value));
}

describe('events that are too large', () => {
  const values: [what: string, value: string, code: string][] = [
    ['nested for ever', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'event_too_complex'],
    ['of values without number', JSON.stringify(Array.from({ length: 200_000 }, () => 1)), 'event_too_complex'],
    ['of bytes without number', JSON.stringify('x'.repeat(5_000_000)), 'event_too_large'],
    ['of half a text', '{"a": "', 'not_json'],
  ];
  for (const [what, value, code] of values) {
    it(`are not read: ${what}`, () => {
      assert.throws(() => readEvent(event(value), undefined), { code });
    });
  }

  it('are put aside where no run can carry them, and do not hold up what comes after', () =>
    inCrewWorld({ answers: [{ text: 'done', repeat: true }] }, async (world) => {
      const large = Object.fromEntries(names.map((name) => [name, 'x'.repeat(99_000)]));
      const outcome = await handled(world, JSON.stringify(large));
      assert.deepEqual([outcome.done, !outcome.done && outcome.code], [false, 'run_too_large']);
      assert.match(outcome.done ? '' : outcome.reason, /have \d+ bytes together; at most 1900000 fit a run/);
      const small = Object.fromEntries(names.map((name) => [name, 'x']));
      assert.deepEqual(await handled(world, JSON.stringify(small)), { done: true });
    }));
});
