import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { clientTypes, TYPES_FILE } from '../../scripts/client-types.js';

describe('the types of the client', () => {
  it('are those of the OpenAPI document', async () => {
    assert.equal(readFileSync(TYPES_FILE, 'utf8'), await clientTypes(), 'npm run client:types');
  });
});
