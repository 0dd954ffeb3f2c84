import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Keyring, KeyringError } from '../../../src/adapters/encryption/keyring.js';
import { ConfigError, loadConfig } from '../../../src/config.js';
import { keyOf, ringOf } from '../../support/encryption.js';

const load = (env: Record<string, string>) =>
  loadConfig({ DATABASE_URL: 'postgres://u:p@localhost:5432/crews', ...env });
const secretOf = (id: string) => keyOf(id).slice(id.length + 1);

describe('keys of data at rest', () => {
  it('are none unless given; the first one given writes', () => {
    assert.equal(load({}).encryption.active, undefined);
    const { encryption } = load({ ENCRYPTION_KEYS: `${keyOf('new')}, ${keyOf('old')}` });
    assert.deepEqual([encryption.active, encryption.ids], ['new', ['new', 'old']]);
  });

  it('come from a file, one a line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    const file = join(folder, 'keys');
    try {
      writeFileSync(file, `# of November, one: two\n${keyOf('k2')}\n\n${keyOf('k1')}\n`);
      assert.deepEqual(load({ ENCRYPTION_KEYS_FILE: file }).encryption.ids, ['k2', 'k1']);
      assert.throws(() => load({ ENCRYPTION_KEYS_FILE: file, ENCRYPTION_KEYS: keyOf('k1') }), /set one of them/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.throws(() => load({ ENCRYPTION_KEYS_FILE: file }), /ENCRYPTION_KEYS_FILE=.*cannot be read \(ENOENT\)/);
  });

  it('that cannot be used are said by id, with nothing of them', () => {
    const secret = secretOf('k1');
    const cases: [string, RegExp][] = [
      [secret, /ENCRYPTION_KEYS: entry 1 is not id:base64/],
      [`k1:${secret.slice(0, 24)}`, /the key 'k1' is not 32 bytes in base64; make one: openssl rand -base64 32/],
      [`k1:${secret.slice(0, -1)}`, /'k1' is not 32 bytes/],
      [`k1:${secret}AAAA`, /'k1' is not 32 bytes/],
      [`${keyOf('a')},k1:${secret},k1:${secret}`, /there are two keys 'k1'/],
      [`${secret}:k1`, /entry 1 is not id:base64/],
      [',', /there is no key/],
    ];
    for (const [keys, words] of cases) {
      assert.throws(
        () => load({ ENCRYPTION_KEYS: keys }),
        (error: unknown) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.message, words);
          assert.ok(!error.message.includes(secret.slice(0, 12)), error.message);
          return true;
        },
      );
    }
    assert.throws(() => Keyring.parse('#only a comment'), KeyringError);
  });

  it('are not printed', () => {
    const { encryption } = load({ ENCRYPTION_KEYS: keyOf('k1') });
    encryption.key('k1', 'store', 'default');
    const bytes = Buffer.from(secretOf('k1'), 'base64');
    for (const printed of [inspect(encryption, { depth: 9, showHidden: true }), JSON.stringify(encryption)]) {
      assert.doesNotMatch(printed, new RegExp(bytes.toString('hex').slice(0, 8)));
      assert.ok(!printed.includes(secretOf('k1')));
    }
  });

  it('are others for each tenant and use', () => {
    const ring = ringOf('k1', 'k2');
    const derived = ['k1', 'k2'].flatMap((id) =>
      (['payload', 'store', 'digest'] as const).flatMap((use) =>
        ['a', 'b'].map((tenant) => ring.key(id, use, tenant).toString('hex')),
      ),
    );
    assert.equal(new Set(derived).size, 12);
    assert.equal(ringOf('k1').key('k1', 'store', 'a').toString('hex'), ring.key('k1', 'store', 'a').toString('hex'));
  });
});
