import assert from 'node:assert/strict';
import { GlobalEndpoints } from '../../../src/adapters/webhooks/global-endpoints.js';

describe('whether a tenant has a webhook for all runs', () => {
  it('is asked of the store again when the moment is over, each tenant for itself', async () => {
    const asked: string[] = [];
    const having = new Set<string>();
    let now = 0;
    const ask = (tenant: string) => {
      asked.push(tenant);
      return Promise.resolve(having.has(tenant));
    };
    const endpoints = new GlobalEndpoints(ask, () => now);
    assert.equal(await endpoints.has('a'), false);
    having.add('a').add('b');
    now = 249;
    assert.equal(await endpoints.has('a'), false);
    assert.equal(await endpoints.has('b'), true);
    now = 250;
    assert.equal(await endpoints.has('a'), true);
    assert.deepEqual(asked, ['a', 'b', 'a']);
  });

  it('counts from before the store was asked', async () => {
    let now = 0;
    let answers = 0;
    const ask = () => {
      now += 300;
      answers += 1;
      return Promise.resolve(answers > 1);
    };
    const endpoints = new GlobalEndpoints(ask, () => now);
    assert.equal(await endpoints.has('a'), false);
    assert.equal(await endpoints.has('a'), true);
  });

  it('is settled after every answer from before has ceased to count', async () => {
    let has = false;
    const other = new GlobalEndpoints(() => Promise.resolve(has));
    assert.equal(await other.has('a'), false);
    has = true;
    await new GlobalEndpoints(() => Promise.resolve(has)).settled();
    assert.equal(await other.has('a'), true);
  });

  it('keeps no failure', async () => {
    let away = true;
    const endpoints = new GlobalEndpoints(() => (away ? Promise.reject(new Error('away')) : Promise.resolve(true)));
    await assert.rejects(endpoints.has('a'), /away/);
    away = false;
    assert.equal(await endpoints.has('a'), true);
  });
});
