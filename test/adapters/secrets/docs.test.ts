import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { problemsOf, secretsOf } from './support.js';

const PAGE = readFileSync(new URL('../../../docs/secrets.md', import.meta.url), 'utf8');

describe('docs/secrets.md', () => {
  const yaml = /```yaml\n([^]*?)```/.exec(PAGE)?.[1] ?? '';

  it('has an example that works as it says', () => {
    const local = yaml.replace('file: /run/secrets/crm-key', 'env: CRM_KEY');
    const variables = { GITHUB_TOKEN: 'github-token-1', CRM_KEY: 'crm-key-value', TICKETS_TOKEN: 'tickets-token' };
    const secrets = secretsOf(local, variables);
    const github = { tool: 'http_request', url: new URL('https://api.github.com/user') };
    assert.equal(secrets.fill('Bearer {{secret:GITHUB_TOKEN}}', github), 'Bearer github-token-1');
    const crm = { tool: 'http_request', tenant: 'sales', url: new URL('https://eu.crm.example.com/') };
    assert.deepEqual(secrets.headers(crm), { 'x-api-key': 'crm-key-value' });
    assert.deepEqual(secrets.headers({ ...crm, tenant: 'others' }), {});
    assert.throws(() => secrets.fill('{{secret:TICKETS_TOKEN}}', github), /may not have this secret/);
    assert.equal(secrets.value('TICKETS_TOKEN'), 'tickets-token');
  });

  it('says of what is missing which it is', () => {
    assert.match(problemsOf(yaml, {}), /GITHUB_TOKEN is not set\n.*crm-key cannot be read[^]*TICKETS_TOKEN is not set/);
  });
});
