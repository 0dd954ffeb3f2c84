import assert from 'node:assert/strict';
import { extractJson } from '../../../src/adapters/json/extract.js';
import { plainToolCalls } from '../../../src/adapters/langchain/tool-calls.js';
import { inCrewWorld } from '../../support/crew-world.js';
import { adder, crewWith, runToEnd } from '../../support/engine.js';

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('JSON of models that is made to break what reads it', () => {
  it('is none where it is nested out of reason, or its numbers have no end', () => {
    assert.ok(extractJson(deep(50)));
    for (const text of [deep(200), deep(50_000), '{"a":1e999}', `Here: ${deep(20_000)}`])
      assert.equal(extractJson(text), undefined);
  });

  it('is no call of a tool', () => {
    const context = { tools: ['add'], fromWire: (said: string) => said, usedIds: [], cut: false, forbidden: false };
    for (const args of [deep(50_000), JSON.parse(deep(5_000)), '{"a":1e999}']) {
      const [call] = plainToolCalls([{ name: 'add', arguments: args }], context);
      assert.match(call?.invalid ?? '', /no JSON object/);
      assert.deepEqual(call?.arguments, {});
    }
    const [call] = plainToolCalls([{ name: 'add', arguments: '{"__proto__":{"polluted":1},"a":1}' }], context);
    assert.equal(Object.getPrototypeOf(call?.arguments), Object.prototype);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('is told to the model, and the run goes on', async () => {
    const { tool, calls } = adder();
    const answers = [
      { tool_calls: [{ name: 'add', arguments: JSON.parse(deep(3_000)) }] },
      { when: 'no JSON object', text: 'Never mind.' },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const run = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['add'] }));
        assert.equal(run.view.result?.output, 'Never mind.');
        assert.equal(calls.length, 0);
      },
      { tools: [tool] },
    );
  });
});
