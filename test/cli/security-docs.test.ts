import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { bootstrapKey } from '../../src/bootstrap-key.js';
import { createClient } from '../../src/client/index.js';
import { testApp } from '../support/app.js';
import { crew } from '../support/cli.js';
import { uniqueName } from '../support/crews.js';
import { testIdentity, type TestIdentity } from '../support/identity.js';
import { testStore } from '../support/store.js';
import { served } from '../support/streams.js';

const page = readFileSync('docs/security.md', 'utf8');
const examples = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));

describe('docs/security.md', () => {
  let ids: TestIdentity;
  let gateway: Awaited<ReturnType<typeof served>>;
  before(async () => {
    ids = await testIdentity();
    gateway = await served(testApp({ identity: ids.identity }).app);
  });
  after(async () => {
    await gateway.close();
    await ids.close();
  });

  /** The command as somebody types it who has this key, with the store at hand. */
  const typed = async (apiKey: string | undefined, args: readonly string[]) => {
    const { databaseUrl } = await testStore();
    return crew(gateway.url, args, {
      bootstrapKey: (key) => bootstrapKey(databaseUrl, key),
      service: { url: gateway.url, from: 'test', ...(apiKey !== undefined && { apiKey }) },
    });
  };

  it('has examples that work as they are typed', async () => {
    assert.ok(examples.length >= 6);
    let key: string | undefined;
    for (const line of examples) {
      const id = (await ids.identity.keys?.list('default'))?.find(({ name }) => name === 'reports')?.id ?? '';
      const [program, ...args] = line.replace('3k1x0q9z7abc', id).split(' ');
      assert.equal(program, 'crew');
      const { code, out, err } = await typed(key, args);
      assert.equal(code, 0, `${line}\n${out}${err}`);
      assert.notEqual(out, '');
      if (line === 'crew key create ada --bootstrap') key = out.trim();
    }
    const caller = await createClient({ baseUrl: gateway.url, apiKey: key ?? '' }).caller();
    assert.deepEqual(caller, { kind: 'api_key', name: 'ada', tenant: 'default', scopes: ['admin'] });
  });

  it('and the command says what is wrong', async () => {
    const none = await typed(undefined, ['key', 'list']);
    assert.equal(none.code, 4);
    assert.match(none.err, /Authorization: Bearer/);
    const reader = await ids.keyOf(uniqueName('t'), ['read']);
    const key = reader.headers['authorization']?.slice(7);
    assert.match((await typed(key, ['key', 'list'])).err, /needs the scope 'admin'; you have: read/);
    assert.equal((await typed(key, ['key', 'create', 'n', '--tenant', 'x'])).code, 2);
    assert.match((await typed(key, ['key', 'create', 'n', '--expires', 'soon'])).err, /--expires soon/);
    assert.match((await typed(key, ['key', 'create', 'n', '--bootstrap', '--tenant', 'a/b'])).err, /--tenant a\/b/);
    const stranger = await crew(gateway.url, ['key', 'create', 'n', '--bootstrap'], {
      bootstrapKey: (wanted) => bootstrapKey(undefined, wanted),
    });
    assert.match(stranger.err, /Set DATABASE_URL/);
  });

  it('names every variable and every scope', () => {
    const example = readFileSync('.env.example', 'utf8');
    const names = [...example.matchAll(/^(OIDC_\w+|AUTH_\w+|RATE_LIMIT\w+|MAX_OPEN_RUNS)=/gm)].map(
      ([, name = '']) => name,
    );
    assert.ok(names.length >= 11);
    for (const name of names) assert.ok(page.includes(`\`${name}\``), name);
  });

  it('and a client asks for its token before each request', async () => {
    const { headers } = await ids.keyOf(uniqueName('t'), ['read'], { name: 'turning' });
    let asked = 0;
    const client = createClient({
      baseUrl: gateway.url,
      token: () => Promise.resolve(++asked === 1 ? 'old' : (headers['authorization']?.slice(7) ?? '')),
    });
    await assert.rejects(client.caller(), { code: 'unauthenticated', status: 401 });
    assert.equal((await client.caller()).name, 'turning');
  });
});
