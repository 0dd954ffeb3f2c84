import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLogger } from '../../src/adapters/logger.js';
import { redactText } from '../../src/adapters/redact.js';

const letters = 'abcDEF0123456789abcDEF0123456789';

/** What must never be in a log, with what is around it kept. Put together here, so that no scanner takes them for real. */
const SECRETS: [what: string, text: string, secret: string][] = [
  ['OpenAI', `key sk-${letters} was refused`, letters],
  ['OpenAI, of a project', `sk-proj-${letters}_x`, letters],
  ['Anthropic', `sk-ant-api03-${letters}`, letters],
  ['OpenRouter', `sk-or-v1-${letters}`, letters],
  ['Groq', `gsk_${letters}`, letters],
  ['xAI', `xai-${letters}`, letters],
  ['Google', `AIza${letters}`, letters],
  ['Hugging Face', `hf_${letters}`, letters],
  ['AWS', `AKIA${'ABCDEFGH12345678'}`, 'ABCDEFGH12345678'],
  ['GitHub', `ghp_${letters}`, letters],
  ['GitHub, fine-grained', `github_pat_${letters}`, letters],
  ['GitLab', `glpat-${letters}`, letters],
  ['Slack', `xoxb-123456789012-${letters}`, letters],
  ['Stripe', `sk_live_${letters}`, letters],
  ['ours', `aos_${letters}`, letters],
  ['a webhook secret', `whsec_${letters}`, letters],
  ['a JSON Web Token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${letters}`, letters],
  ['a bearer token', `authorization: Bearer ${letters}`, letters],
  ['basic authentication', `Basic ${letters}==`, letters],
  ['a database address', `postgres://crew:${letters}@db:5432/crews`, letters],
  ['a Redis address', `rediss://:${letters}@cache:6379`, letters],
  ['a query', `https://api.example.com/v1?model=x&api_key=${letters}&y=1`, letters],
  ['a signed address', `https://files.example.com/a?sig=${letters}`, letters],
  ['a message', `login failed: password=${letters}, user=ada`, letters],
  ['a private key', `-----BEGIN PRIVATE KEY-----\\n${letters}\\n-----END PRIVATE KEY-----`, letters],
  ['a one-time link', `POST /d/${letters} was called`, letters],
];

const SECRET_NAMES = [
  ...[
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'x-api-key',
    'api_key',
    'apiKey',
  ],
  ...['OPENAI_API_KEY', 'password', 'DB_PASSWORD', 'secret', 'client_secret', 'LINK_SECRET', 'token', 'access_token'],
  ...['refreshToken', 'idToken', 'private_key', 'aws_secret_access_key', 'credentials', 'DATABASE_URL', 'REDIS_URL'],
];

const OPEN_FIELDS = {
  inputTokens: 12,
  outputTokens: 3,
  maxOutputTokens: 100,
  tokenType: 'input',
  key: 'research/model/1',
  activityId: 'research/model/1',
  runId: '0b1f1c6e-6f4e-4a53-9d5c-2f2a9a1b7c3d',
  digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  address: 'postgres://db:5432/crews',
  message: 'the token budget is used up; ask for more tokens',
  author: 'ada',
};

/** A logger, and what it wrote. */
function written() {
  const lines: string[] = [];
  const logger = createLogger('worker', 'debug', { write: (line) => void lines.push(line) });
  return { logger, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('secrets in logs', () => {
  for (const [what, text, secret] of SECRETS) {
    it(`${what}: not in a message, a field, an error, its cause, nor deep inside`, () => {
      const { logger, text: all } = written();
      logger.info({}, text);
      logger.warn({ note: text, list: [{ deep: { deeper: text } }] }, 'said');
      const cause = Object.assign(new Error(text), { config: { url: text } });
      logger.error({ err: new Error('outer', { cause }), error: new Error(text) }, 'failed');
      assert.ok(!all().includes(secret), all());
      assert.match(all(), /\[redacted\]/);
      for (const line of all().trim().split('\n')) JSON.parse(line);
    });
  }

  for (const name of SECRET_NAMES) {
    it(`the value of ${name}, whatever it looks like`, () => {
      const { logger, text } = written();
      const value = 'plain words that nobody shall read';
      logger.info({ [name]: value }, 'a');
      logger.info({ request: { headers: { [name]: [value] } } }, 'b');
      logger.info({ headers: new Headers({ [name.replaceAll('_', '-')]: value }) }, 'c');
      logger.error({ err: Object.assign(new Error('no'), { response: { [name]: value } }) }, 'd');
      assert.ok(!text().includes(value), text());
    });
  }

  it('leaves everything else as it is', () => {
    const { logger, last } = written();
    logger.info(OPEN_FIELDS, 'said');
    const { level, time, part, msg, ...fields } = last();
    assert.deepEqual([level, typeof time, part, msg], ['info', 'string', 'worker', 'said']);
    assert.deepEqual(fields, OPEN_FIELDS);
  });

  it('writes errors with type, message, stack and cause', () => {
    const { logger, last } = written();
    logger.error({ err: new TypeError('outer', { cause: new RangeError('inner') }) }, 'failed');
    const { err } = last() as { err: { type: string; message: string; stack: string; cause: { type: string } } };
    assert.equal(err.type, 'TypeError');
    assert.match(err.message, /^outer/);
    assert.match(err.stack, /redaction\.test/);
    assert.equal(err.cause.type, 'RangeError');
  });

  it('writes what has no end, and what goes round, in one line', () => {
    const { logger, text } = written();
    const round: Record<string, unknown> = { token: 'a secret of somebody' };
    round['self'] = round;
    logger.info({ round }, 'round');
    assert.equal(text().trim().split('\n').length, 1);
    assert.ok(!text().includes('a secret of somebody'));
  });

  it('keeps JSON JSON, whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...SECRETS), (value, [, text]) => {
        JSON.parse(redactText(JSON.stringify({ value, text })));
      }),
    );
  });

  it('takes no long time over long texts', () => {
    const long = 'password=postgres://a:b eyJ-----BEGIN PRIVATE KEY-----'.repeat(4_000);
    const started = performance.now();
    redactText(JSON.stringify({ long, letters: 'a'.repeat(200_000), dashes: '-'.repeat(200_000) }));
    // A search that begins again at each letter would take minutes.
    assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
  });
});
