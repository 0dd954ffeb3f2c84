import assert from 'node:assert/strict';
import { readPrefer } from '../../../src/api/prefer.js';

describe('the Prefer header', () => {
  const cases: [header: string | undefined, expected: ReturnType<typeof readPrefer>][] = [
    [undefined, { respondAsync: false }],
    ['wait=30', { respondAsync: false, waitSeconds: 30 }],
    ['respond-async, wait = "5"', { respondAsync: true, waitSeconds: 5 }],
    ['Respond-Async; foo', { respondAsync: true }],
    ['wait=-1', { respondAsync: false }],
    ['wait=1e99', { respondAsync: false }],
    ['wait=, ,;,', { respondAsync: false }],
  ];
  for (const [header, expected] of cases) {
    it(`reads ${JSON.stringify(header)}`, () => assert.deepEqual(readPrefer(header), expected));
  }
});
