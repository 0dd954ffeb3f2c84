import assert from 'node:assert/strict';
import { nowTool } from '../../../src/adapters/tools/now.js';
import { testTool } from '../../../src/authoring/index.js';
import { failureOf } from './support.js';

describe('now', () => {
  const tool = nowTool(() => new Date('2026-07-01T22:05:06.789Z'));
  const told = async (args: Record<string, unknown>) => (await testTool(tool, args)).content;

  it('tells the time in a time zone', async () => {
    assert.equal(await told({}), '2026-07-01T22:05:06+00:00');
    assert.equal(await told({ time_zone: 'Europe/Berlin' }), '2026-07-02T00:05:06+02:00');
    assert.equal(await told({ time_zone: 'Asia/Kolkata', format: 'ISO' }), '2026-07-02T03:35:06+05:30');
    assert.equal(await told({ time_zone: '' }), '2026-07-01T22:05:06+00:00');
  });

  it('in several forms', async () => {
    assert.equal(await told({ format: 'date', time_zone: 'Asia/Tokyo' }), '2026-07-02');
    assert.equal(await told({ format: 'time' }), '22:05:06 (UTC)');
    assert.equal(await told({ format: 'unix' }), '1782943506');
    const long = await told({ format: 'long', time_zone: 'America/New_York' });
    assert.equal(long, 'Wednesday, 2026-07-01 18:05:06 (America/New_York, UTC-04:00)');
  });

  it('says what a time zone looks like', async () => {
    const failure = await failureOf(told({ time_zone: 'Berlin' }));
    assert.deepEqual([failure.reason, /'Berlin' is no time zone/.test(failure.message)], ['invalid_arguments', true]);
  });

  it('is never answered from an earlier call', () => assert.equal(tool.cache, false));
});
