import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMcpConfig, McpConfigError, mcpServerNames } from '../../../src/adapters/mcp/config.js';

const VARIABLES: Record<string, string> = { FILES_TOKEN: 'token-of-files', WEB_KEY: 'key-of-web', LINES: 'two\nlines' };
const variable = (name: string) => VARIABLES[name];

describe('mcp.yaml', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-config-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const fileOf = (text: string) => {
    const file = join(folder, 'mcp.yaml');
    writeFileSync(file, text);
    return file;
  };
  const problemsOf = (text: string): string => {
    try {
      loadMcpConfig(fileOf(text), variable);
    } catch (error) {
      assert.ok(error instanceof McpConfigError);
      return error.message.replaceAll(`${folder}/`, '');
    }
    return '';
  };

  it('names processes and URLs, with secrets from variables', () => {
    const file = fileOf(`servers:
  files:
    command: node
    args: [server.js, "8"]
    env: { PLAIN: 1, FILES_TOKEN: { from: FILES_TOKEN } }
    timeout_seconds: 5
    allow: [read_*]
    deny: [read_secret]
    idempotent: [read_file]
  web:
    url: https://tools.example/mcp
    headers: { Authorization: "Bearer \${WEB_KEY}", X-Team: red }
`);
    assert.deepEqual(loadMcpConfig(file, variable), [
      {
        name: 'files',
        target: {
          kind: 'stdio',
          command: 'node',
          args: ['server.js', '8'],
          env: { PLAIN: '1', FILES_TOKEN: 'token-of-files' },
        },
        timeoutMs: 5_000,
        connectTimeoutMs: 30_000,
        allow: ['read_*'],
        deny: ['read_secret'],
        idempotent: ['read_file'],
        cacheable: false,
        secrets: ['token-of-files'],
      },
      {
        name: 'web',
        target: {
          kind: 'http',
          url: 'https://tools.example/mcp',
          headers: { Authorization: 'Bearer key-of-web', 'X-Team': 'red' },
        },
        timeoutMs: 60_000,
        connectTimeoutMs: 30_000,
        deny: [],
        cacheable: false,
        secrets: ['key-of-web'],
      },
    ]);
  });

  it('may be absent, unless it was named', () => {
    assert.deepEqual(loadMcpConfig('none', variable), []);
    assert.throws(
      () => loadMcpConfig(join(folder, 'absent.yaml'), variable),
      /absent\.yaml: .*\(ENOENT\); set MCP_CONFIG/,
    );
  });

  it('gives the names of servers without their secrets', () => {
    const file = fileOf('servers:\n  web: { url: "http://x/mcp", headers: { A: "${UNSET}" } }\n');
    assert.deepEqual(mcpServerNames(file), ['web']);
    assert.throws(() => loadMcpConfig(file, variable), /The variable UNSET is not set/);
  });

  it('that ships as an example is valid', () => {
    const all = loadMcpConfig('mcp.example.yaml', () => 'a value');
    assert.deepEqual(
      mcpServerNames('mcp.example.yaml'),
      all.map(({ name }) => name),
    );
    assert.deepEqual([...new Set(all.map(({ target }) => target.kind))].sort(), ['http', 'stdio']);
  });

  const server = (lines: string) => `servers:\n  s:\n${lines.replace(/^/gm, '    ')}\n`;
  const mistakes: [title: string, text: string, expected: RegExp][] = [
    ['broken YAML', 'servers: [', /^mcp\.yaml:1:\d+ /],
    ['an empty file', '', /^mcp\.yaml:1:1 \(root\): /],
    [
      'another key of other clients',
      'mcpServers: {}',
      /^mcp\.yaml:1:1 mcpServers: Unknown key .* Did you mean 'servers'\?/m,
    ],
    ['a misspelt key', server('command: node\narg: []'), /mcp\.yaml:4:5 servers\.s\.arg: .* Did you mean 'args'\?/],
    [
      'neither command nor url',
      server('args: []'),
      /mcp\.yaml:2:3 servers\.s\.command: Required: expected a command, or a url/,
    ],
    ['both', server('command: node\nurl: http://x'), /mcp\.yaml:2:3 servers\.s: .*not both/],
    ['no server', 'servers: { s: hello }', /mcp\.yaml:1:12 servers\.s: Expected a server/],
    ['keys of the other kind', server('url: http://x\ncwd: /'), /mcp\.yaml:4:5 servers\.s\.cwd: Unknown key/],
    ['a name that cannot be one', 'servers: { "a/b": { command: x } }', /servers\.a\/b: Expected as a name a letter/],
    [
      'a number among the args',
      server('command: node\nargs: [a, 1]'),
      /mcp\.yaml:4:15 servers\.s\.args\.1: .*in quotes/,
    ],
    [
      'a variable that is not set',
      server('command: x\nenv: { A: { from: NOPE } }'),
      /mcp\.yaml:4:17 servers\.s\.env\.A\.from: The variable NOPE is not set/,
    ],
    [
      'a header from one that is not set',
      server('url: http://x\nheaders: { A: "${NOPE}" }'),
      /servers\.s\.headers\.A: The variable NOPE is not set/,
    ],
    [
      'a header from one with two lines',
      server('url: http://x\nheaders: { A: "${LINES}" }'),
      /servers\.s\.headers\.A: A header takes one line/,
    ],
    [
      'no name of a variable',
      server('url: http://x\nheaders: { A: "${lower}" }'),
      /servers\.s\.headers\.A: Expected \$\{VARIABLE\}/,
    ],
    [
      'a folder that is not there',
      server('command: x\ncwd: /no/such'),
      /mcp\.yaml:4:5 servers\.s\.cwd: There is no such folder/,
    ],
    ['another scheme', server('url: ftp://x'), /servers\.s\.url: Expected a URL that begins with http/],
    [
      'a password in the URL',
      server('url: http://a:b@x'),
      /servers\.s\.url: Expected a URL without a user or password/,
    ],
    [
      'a time that is none',
      server('command: x\ntimeout_seconds: 0'),
      /servers\.s\.timeout_seconds: Expected a whole number of seconds/,
    ],
    ['approval', server('command: x\napproval: true'), /servers\.s\.approval: .*later version/],
  ];
  for (const [title, text, expected] of mistakes) {
    it(`says what is wrong with ${title}`, () => assert.match(problemsOf(text), expected));
  }

  it('takes no secret itself, and does not say it back', () => {
    const problems = problemsOf(
      `servers:
  a: { command: x, env: { API_TOKEN: hunter2, MAX_TOKENS: 5 } }
  b: { url: "http://x", headers: { Authorization: Bearer hunter2, X-Api-Key: hunter2 } }
  c: { command: x, env: { A: { from: hunter2 } } }
`,
    );
    assert.match(problems, /servers\.a\.env\.API_TOKEN: This looks like a secret: write \{ from: VARIABLE \}/);
    assert.match(problems, /servers\.b\.headers\.Authorization: This looks like a secret/);
    assert.match(problems, /servers\.b\.headers\.X-Api-Key: This looks like a secret/);
    assert.match(problems, /servers\.c\.env\.A\.from: .*never the secret itself/);
    assert.equal(problems.split('\n').length, 4);
    assert.doesNotMatch(problems, /hunter2/);
  });
});
