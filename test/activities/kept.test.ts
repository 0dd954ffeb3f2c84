import assert from 'node:assert/strict';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { z } from 'zod';
import { createActivities } from '../../src/activities/index.js';
import { defineTool } from '../../src/authoring/define.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { StoreError } from '../../src/contract/store-error.js';
import { INLINE_CHARS, type ModelReply, type ModelRequest, type ToolReply } from '../../src/contract/wire.js';
import type { Store } from '../../src/ports.js';
import { startScriptedModel } from '../../src/scripted-model/server.js';
import { eventually } from '../support/crew-world.js';
import { failingStore } from '../support/memory-store.js';
import { activityParts, scriptedModels } from '../support/parts.js';
import { testStore } from '../support/store.js';

const AWAY = new StoreError('unavailable', 'The store cannot be reached');
const LONG = 'x'.repeat(INLINE_CHARS + 1);
const REQUEST: ModelRequest = { messages: [{ role: 'user', content: 'Say much' }], keep: true };

/** A store that takes nothing so many times, and how often it was asked to. */
async function reluctantStore(failures: number, error: Error = AWAY): Promise<Store & { tried: number }> {
  const { store } = await testStore();
  const failing = <T>(work: () => Promise<T>) => (++reluctant.tried <= failures ? Promise.reject(error) : work());
  const reluctant: Store & { tried: number } = {
    ...failingStore(),
    tried: 0,
    getText: (...args) => store.getText(...args),
    readTranscript: (...args) => store.readTranscript(...args),
    putText: (...args) => failing(() => store.putText(...args)),
    appendTranscript: (...args) => failing(() => store.appendTranscript(...args)),
  };
  return reluctant;
}

/** Calls the model, whose answer the store has to keep, as a worker does. Gives what came of it, and how often it was asked. */
async function callModel(
  store: Store,
  startToCloseTimeoutMs = 20_000,
  meanwhile?: (env: MockActivityEnvironment) => unknown,
) {
  const model = await startScriptedModel({ script: { answers: [{ text: LONG, repeat: true }] } });
  const activities = createActivities(activityParts(scriptedModels(model.url), store));
  const env = new MockActivityEnvironment(
    { activityId: 'a/model/1', startToCloseTimeoutMs },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
  try {
    const called: Promise<ModelReply> = env.run((input: ModelRequest) => activities.callModel(input), REQUEST);
    const settled = Promise.allSettled([called]);
    await meanwhile?.(env);
    const [outcome] = await settled;
    return { outcome, calls: model.calls().length };
  } finally {
    await model.close();
  }
}

function failureOf(outcome: PromiseSettledResult<unknown>): unknown {
  return outcome.status === 'rejected' ? outcome.reason : assert.fail('it did not fail');
}

describe('what was paid for', () => {
  it('is kept when the store is back: the model is asked once', async () => {
    const store = await reluctantStore(3);
    const { outcome, calls } = await callModel(store);
    assert.ok(outcome.status === 'fulfilled', JSON.stringify(outcome));
    assert.equal(outcome.value.textRef?.chars, LONG.length);
    assert.ok(await store.readTranscript(DEFAULT_TENANT, outcome.value.transcript ?? ''));
    assert.equal(calls, 1);
    assert.equal(store.tried, 5);
  });

  it('is given up shortly before the attempt is over, so that its own word about it is heard', async () => {
    const { outcome, calls } = await callModel(await reluctantStore(Infinity), 4_000);
    const failure = failureOf(outcome);
    assert.ok(failure instanceof ApplicationFailure && failure.type === 'Store.Unavailable', String(failure));
    assert.equal(calls, 1);
  });

  it('is not waited for where the store refuses it', async () => {
    const store = await reluctantStore(Infinity, new StoreError('refused', 'No'));
    const { outcome } = await callModel(store);
    assert.equal((failureOf(outcome) as ApplicationFailure).type, 'Store.Refused');
    assert.equal(store.tried, 1);
  });

  it('is left when the run is cancelled', async () => {
    const store = await reluctantStore(Infinity);
    const { outcome } = await callModel(store, 20_000, async (env) => {
      await eventually('a try', () => Promise.resolve(store.tried > 0));
      env.cancel();
    });
    assert.ok(failureOf(outcome) instanceof CancelledFailure);
  });

  it('by a tool is kept too: the tool is called once', async () => {
    let used = 0;
    const tool = defineTool({
      name: 'once',
      description: 'Does something that must not be done twice',
      input: z.object({}),
      run: () => `${++used} ${LONG}`,
    });
    const models = scriptedModels('http://127.0.0.1:9/v1');
    const activities = createActivities(activityParts(models, await reluctantStore(2), { tools: [tool] }));
    const env = new MockActivityEnvironment({ activityId: 'a/tool/1', startToCloseTimeoutMs: 20_000 });
    const reply: Promise<ToolReply> = env.run(() => activities.callTool({ name: 'once', arguments: {} }));
    const { content } = await reply;
    assert.ok(typeof content === 'object' && content.chars > INLINE_CHARS);
    assert.equal(used, 1);
  });
});
