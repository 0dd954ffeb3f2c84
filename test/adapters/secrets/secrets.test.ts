import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { writingsOf } from '../../../src/adapters/secrets/redact.js';
import { loadMcpConfig } from '../../../src/adapters/mcp/config.js';
import { createModelRegistry } from '../../../src/adapters/models/registry.js';
import { OTHER, problemsOf, secretsOf, TOKEN, VARIABLES } from './support.js';

const FILE = `secrets:
  API_TOKEN:
    from: { env: API_TOKEN }
    tools: [http_request, crm/*]
    hosts: [api.example.com, '*.example.org', 'http://localhost:8080']
    tenants: [red]
  OTHER_TOKEN:
    from: { env: OTHER_TOKEN }
`;

describe('secrets', () => {
  const secrets = secretsOf(FILE);
  const refused = (text: string, use: Parameters<typeof secrets.fill>[1]): string => {
    try {
      secrets.fill(text, use);
    } catch (error) {
      const { message } = error as Error;
      assert.ok(!message.includes(TOKEN) && !message.includes(OTHER), message);
      return message;
    }
    return assert.fail('expected a refusal');
  };
  const at = (url: string) => ({ tool: 'http_request', tenant: 'red', url: new URL(url) });

  it('go to the tools, hosts and tenants of their policy, and nowhere else', () => {
    const header = 'Bearer {{secret:API_TOKEN}}';
    for (const url of ['https://api.example.com/x', 'https://a.example.org/', 'http://localhost:8080/']) {
      assert.equal(secrets.fill(header, at(url)), `Bearer ${TOKEN}`);
    }
    assert.equal(secrets.fill(header, { tool: 'crm/find', tenant: 'red' }), `Bearer ${TOKEN}`);

    assert.match(refused(header, at('https://evil.example/')), /API_TOKEN.*may not be sent to evil\.example/);
    assert.match(refused(header, at('https://api.example.com.evil.example/')), /may not be sent to/);
    assert.match(refused(header, at('https://api.example.com:8443/')), /may not be sent to/);
    assert.match(refused(header, at('http://api.example.com/')), /over https only/);
    assert.match(refused(header, { ...at('https://api.example.com/'), tenant: 'blue' }), /not for these runs/);
    assert.match(refused(header, { tool: 'crm/find' }), /not for these runs/);
    assert.match(refused(header, { tool: 'post_tweet', tenant: 'red' }), /post_tweet may not have/);
    assert.match(refused('{{secret:OTHER_TOKEN}}', at('https://api.example.com/')), /OTHER_TOKEN.*may not have/);
    assert.match(refused('{{secret:NOBODY}}', at('https://api.example.com/')), /\{\{secret:NOBODY\}\}.*no secret/);
    for (const name of ['constructor', '__proto__', '', ' API_TOKEN ']) {
      assert.match(refused(`{{secret:${name}}}`, at('https://api.example.com/')), /no secret of this name/);
    }
  });

  it('are filled in once: what a value brings along is a value', () => {
    const looping = secretsOf(
      'secrets: { A_ONE: { from: { env: A_ONE }, tools: [t] }, B_TWO: { from: { env: B_TWO }, tools: [t] } }',
      { A_ONE: 'has {{secret:B_TWO}} in it $&', B_TWO: 'never-to-be-seen' },
    );
    assert.equal(looping.fill('{{secret:A_ONE}}', { tool: 't' }), 'has {{secret:B_TWO}} in it $&');
  });

  it('are taken out of texts however they are written there', () => {
    const basic = Buffer.from(`somebody:${TOKEN}:x`).toString('base64');
    const texts = [
      TOKEN,
      encodeURIComponent(TOKEN),
      encodeURIComponent(TOKEN).toLowerCase(),
      new URLSearchParams({ a: TOKEN }).toString(),
      JSON.stringify({ a: { b: TOKEN } }),
      Buffer.from(TOKEN).toString('base64'),
      Buffer.from(TOKEN).toString('base64url'),
      Buffer.from(TOKEN).toString('hex'),
      basic,
    ];
    for (const text of texts) {
      const clean = secrets.redact(`before ${text} after`);
      assert.match(clean, /^before .*\[secret API_TOKEN\].* after$/);
      assert.ok(!clean.includes(TOKEN.slice(0, 8)), clean);
    }
    assert.equal(secrets.redact('nothing of the kind'), 'nothing of the kind');
  });

  it('are found within any base64, at any place (property)', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20 }),
        fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 20 }),
        (before, value, after) => {
          const whole = Buffer.concat([before, Buffer.from(value), after]);
          const writings = writingsOf(value);
          assert.ok(writings.some((writing) => whole.toString('base64').includes(writing)));
          assert.ok(writings.some((writing) => whole.toString('base64url').includes(writing)));
        },
      ),
    );
  });

  it('of a file are read anew when it changes, and what was there before is still taken out', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secret-'));
    try {
      const file = join(folder, 'token');
      writeFileSync(file, 'first-value-1\n');
      const rotating = secretsOf(`secrets: { ROTATED: { from: { file: ${file} }, tools: [t] } }`);
      assert.equal(rotating.fill('{{secret:ROTATED}}', { tool: 't' }), 'first-value-1');
      writeFileSync(file, 'second-value-2\n');
      utimesSync(file, new Date(), new Date(Date.now() + 5_000));
      assert.equal(rotating.fill('{{secret:ROTATED}}', { tool: 't' }), 'second-value-2');
      assert.equal(rotating.redact('first-value-1 second-value-2'), '[secret ROTATED] [secret ROTATED]');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('secrets.yaml', () => {
  it('says what is wrong, where, and never a value', () => {
    const cases: [yaml: string, problem: RegExp][] = [
      ['secrets: { api: { from: { env: API_TOKEN } } }', /secrets\.api: .*capitals/],
      ['secrets: { A: { from: { env: sk-live-123 } } }', /secrets\.A\.from\.env: .*never the secret itself/],
      ['secrets: { A: {} }', /secrets\.A\.from: Required/],
      ['secrets: { A: { from: { env: GONE } } }', /secrets\.A: The variable GONE is not set/],
      ['secrets: { A: { from: { env: SHORT } } }', /secrets\.A: The variable SHORT has fewer than 8 characters/],
      ['secrets: { A: { from: { file: /nowhere/x } } }', /The file \/nowhere\/x cannot be read/],
      ['secrets: { A: { from: { env: API_TOKEN }, tools: [http_request] } }', /secrets\.A\.hosts: Required/],
      ["secrets: { A: { from: { env: API_TOKEN }, tools: ['*'] } }", /secrets\.A\.tools: A pattern does not stand for/],
      ["secrets: { A: { from: { env: API_TOKEN }, tools: [http_request], hosts: ['*'] } }", /hosts\.0: Expected api/],
      ['secrets: { A: { from: { env: API_TOKEN }, hosts: [a.example] } }', /hosts: Says nothing without/],
      [
        "secrets: { A: { from: { env: API_TOKEN }, hosts: [a.example], header: 'X-Key: abc' } }",
        /header: Expected a ref/,
      ],
      ['secrets: { A: { from: { env: API_TOKEN }, tool: [x] } }', /Did you mean 'tools'/],
    ];
    for (const [yaml, problem] of cases) {
      const said = problemsOf(yaml, { ...VARIABLES, SHORT: 'seven77' });
      assert.match(said, problem, yaml);
      assert.doesNotMatch(said, /sk-live|seven77/);
    }
  });
});

describe('references in the operator’s other files', () => {
  const secrets = secretsOf(FILE);
  const variable = (name: string) => {
    const secret = /^\{\{secret:(.*)\}\}$/.exec(name)?.[1];
    return secret === undefined ? { PLAIN: 'plain' }[name] : secrets.value(secret);
  };
  const inYaml = <T>(text: string, work: (file: string) => T): T => {
    const folder = mkdtempSync(join(tmpdir(), 'files-'));
    try {
      writeFileSync(join(folder, 'x.yaml'), text);
      return work(join(folder, 'x.yaml'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('mcp.yaml: in headers and the environment of processes', () => {
    const servers = inYaml(
      `servers:
  web: { url: https://tools.example/mcp, headers: { Authorization: 'Bearer {{secret:OTHER_TOKEN}}', X-A: '\${PLAIN}' } }
  own: { command: node, env: { API_KEY: '{{secret:OTHER_TOKEN}}' } }
`,
      (file) => loadMcpConfig(file, variable),
    );
    assert.deepEqual(servers[0]?.target, {
      kind: 'http',
      url: 'https://tools.example/mcp',
      headers: { Authorization: `Bearer ${OTHER}`, 'X-A': 'plain' },
    });
    assert.deepEqual(servers[1]?.target.kind === 'stdio' && servers[1].target.env, { API_KEY: OTHER });
    assert.deepEqual(servers[0]?.secrets, [OTHER, 'plain']);
    assert.throws(
      () =>
        inYaml("servers: { a: { url: 'https://a.example', headers: { X: '{{secret:GONE}}' } } }", (file) =>
          loadMcpConfig(file, variable),
        ),
      /servers\.a\.headers\.X: There is no secret GONE/,
    );
  });

  it('models.yaml: the key, and further headers', () => {
    const models = inYaml(
      `models:
  own:
    base_url: https://models.example/v1
    api_key: '{{secret:OTHER_TOKEN}}'
    headers_env: { X-Tenant: '{{secret:API_TOKEN}}' }
  odd: { base_url: 'https://models.example/v1', api_key: '{{secret:GONE}}' }
default: own
`,
      (file) =>
        createModelRegistry({
          ...{ file, model: 'm', models: [], maxOutputTokens: 1, fallbackToDefault: false },
          variable,
        }),
    );
    const entry = models.find('own') ?? assert.fail();
    assert.deepEqual(models.secrets(entry), {
      baseUrl: 'https://models.example/v1',
      key: OTHER,
      headers: { 'X-Tenant': TOKEN },
    });
    const odd = models.find('odd') ?? assert.fail();
    assert.throws(() => models.secrets(odd), /takes its key from \{\{secret:GONE\}\}, which is not set/);
    assert.throws(
      () =>
        inYaml('models: { a: { base_url: "https://a.example", api_key: sk-live-1 } }', (file) =>
          createModelRegistry({
            ...{ file, model: 'm', models: [], maxOutputTokens: 1, fallbackToDefault: false },
            variable,
          }),
        ),
      (error: Error) => /never the key itself/.test(error.message) && !error.message.includes('sk-live'),
    );
  });
});
