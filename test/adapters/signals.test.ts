import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { z } from 'zod';
import { definedTools } from '../../src/adapters/tools/defined.js';
import { createToolRunner } from '../../src/adapters/tools/runner.js';
import { defineGuardrail, defineTool } from '../../src/authoring/index.js';
import { runGuardrail } from '../../src/authoring/run-guardrail.js';
import { startScriptedModel } from '../../src/scripted-model/server.js';
import { inCrewWorld } from '../support/crew-world.js';
import { catalogOf, crewDocument, crewOf } from '../support/crews.js';
import { callModel, chatModelAt } from '../support/models.js';
import { signalsLeftBy } from '../support/signals.js';
import { allSent, gatewayOf } from '../support/streams.js';
import { callOptions } from './tools/support.js';

const TIMES = 20;
/** Of the last ones, something may still be on its way. */
const FEW = 5;

/** Node.js keeps signals that something listens to: what has a bound of minutes, or of none, must not be among them. */
describe('what is over leaves no signal in memory', () => {
  it('a call of a model, whose libraries leave their listeners', async () => {
    const model = await startScriptedModel({ script: { answers: [{ text: 'an answer', repeat: true }] } });
    const chat = chatModelAt(model.url);
    const left = await signalsLeftBy(TIMES, () => callModel(chat)).finally(() => model.close());
    assert.ok(left < FEW, `${left} signals of ${TIMES} calls`);
  });

  it('a call of a tool, and of a guardrail', async () => {
    const listening = defineTool({
      name: 'listening',
      description: 'Leaves its listener.',
      input: z.object({}),
      run: (_, { signal }) => {
        signal.addEventListener('abort', () => undefined);
        return 'done';
      },
    });
    const guardrail = defineGuardrail({ name: 'fine', check: () => ({ ok: true }) });
    const runner = createToolRunner({ sources: [definedTools([listening])] });
    const left = await signalsLeftBy(TIMES, async () => {
      await runner.call('listening', {}, callOptions());
      await runGuardrail(guardrail, { output: 'x', inputs: {} });
    });
    assert.ok(left < FEW, `${left} signals of ${TIMES} calls each`);
  });

  it('a run that is waited for, and its stream', () =>
    inCrewWorld({ answers: [{ text: 'done', repeat: true }] }, async (world) => {
      const crew = crewOf(crewDocument());
      const draining = new AbortController().signal;
      const { app, post } = gatewayOf(world, { crews: catalogOf(crew), draining });
      const run = async () => {
        const { status, json } = await post('/agents/execute', { workflow_id: 'w', parameters: { topic: 'tea' } });
        assert.equal(status, 200);
        const sent = await allSent(await app.request(`/v1/runs/${json.run_id}/events`));
        assert.equal(sent.at(-1)?.event, 'end');
      };
      const left = await signalsLeftBy(3, () => Promise.all([run(), run(), run(), run()]));
      assert.ok(left < FEW, `${left} signals of 12 runs`);
      assert.equal(getEventListeners(draining, 'abort').length, 0, 'the gateway holds nothing of them');
    }));
});
