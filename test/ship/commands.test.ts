import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createStoreCipher } from '../../src/adapters/encryption/store-cipher.js';
import { openStore } from '../../src/adapters/store/index.js';
import { versioning } from '../../src/adapters/temporal/worker-options.js';
import { uniqueName } from '../support/crews.js';
import { keyOf, ringOf } from '../support/encryption.js';
import { testStore } from '../support/store.js';
import { testServer } from '../support/temporal.js';

/** Runs a part of the image as its entry does, and has what it said. */
async function part(args: string[], env: Record<string, string> = {}) {
  const { env: temporal } = await testServer();
  const { databaseUrl } = await testStore();
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...args], {
    env: { PATH: process.env['PATH'], TEMPORAL_ADDRESS: temporal.address, DATABASE_URL: databaseUrl, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out: out.trim(), err: err.trim() };
}

describe("the image's commands", () => {
  it('migrate brings the store and the namespace up to date, as often as it is asked', async () => {
    const both = await part(['migrate']);
    assert.deepEqual(both, {
      code: 0,
      out: "store: up to date\nsearch attributes of namespace 'default': registered",
      err: '',
    });
    assert.equal((await part(['migrate', 'store'])).out, 'store: up to date');
    assert.match((await part(['migrate', 'search-attributes'])).out, /^search attributes/);
  });

  it('migrate says in a line what it cannot reach', async () => {
    const { code, err } = await part(['migrate', 'store'], { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' });
    assert.equal(code, 1);
    assert.doesNotMatch(err, /\n\s+at /, 'no stack');
    assert.notEqual(err, '');
  });

  it('reseal takes keys out of use, and says which are; without keys it says what is missing', async () => {
    const { databaseUrl } = await testStore();
    const tenant = uniqueName('tenant');
    const store = openStore({ databaseUrl, cipher: createStoreCipher(ringOf('reseal-old')) });
    const { ref } = await store.putText(tenant, 'tea');
    await store.close();
    const env = { ENCRYPTION_KEYS: [keyOf('reseal-new'), keyOf('reseal-old')].join(',') };
    const looked = await part(['reseal', '--dry-run'], env);
    assert.match(looked.out, /^key 'reseal-old': rows of blobs 1$/m);
    assert.doesNotMatch(looked.out, /sealed again/);
    // Other tests leave rows under keys of their own in this store: they are counted, and stay.
    const { code, out, err } = await part(['reseal'], env);
    assert.match(out, /^blobs: 1 sealed again with 'reseal-new'$/m);
    assert.match(out, /^key 'reseal-new': rows of blobs 1$/m);
    assert.match(out, /^The key 'reseal-old' is in use nowhere in the store/m);
    assert.equal(code, /^key '(?!reseal-new)/m.test(out) ? 1 : 0, err);
    const after = openStore({ databaseUrl, cipher: createStoreCipher(ringOf('reseal-new')) });
    assert.equal(await after.getText(tenant, ref), 'tea');
    await after.close();
    const keyless = await part(['reseal']);
    assert.deepEqual([keyless.code, keyless.err], [1, 'ENCRYPTION_KEYS: Required: there is no key to seal with']);
  });

  it('set-current and builds --keep: an upgrade that would leave runs without a worker is refused', async () => {
    const { env: temporal, bundle } = await testServer();
    const name = `crews-${randomUUID()}`;
    const connection = await NativeConnection.connect({ address: temporal.address });
    const worker = await Worker.create({
      connection,
      taskQueue: name,
      workflowBundle: bundle,
      ...versioning(name, '1'),
    });
    const env = { TASK_QUEUE: name, WORKER_DEPLOYMENT_NAME: name, WORKER_BUILD_ID: '1' };
    await worker.runUntil(async () => {
      const set = await part(['set-current', '--timeout', '90'], env);
      assert.deepEqual(set, { code: 0, out: `new runs of '${name}' go to build '1'`, err: '' });
      assert.deepEqual(await part(['builds', '--keep', '2,1'], env), {
        code: 0,
        out: '[{"id":"1","state":"current"}]',
        err: '',
      });
      const refused = await part(['builds', '--keep', '2'], env);
      assert.equal(refused.code, 1);
      assert.match(refused.err, /would be left without a worker: 1 \(current\)\. Keep these builds/);
    });
    await connection.close();
  });

  it('what is no part, or needs a deployment, is said', async () => {
    const [unknown, unnamed, wrong] = await Promise.all([
      part(['brew']),
      part(['set-current']),
      part(['migrate', 'nothing']),
    ]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /^Expected one of gateway, worker, .*, found 'brew'$/);
    assert.equal(unnamed.code, 1);
    assert.match(unnamed.err, /^WORKER_DEPLOYMENT_NAME: Required/);
    assert.match(wrong.err, /^migrate: expected nothing, or one of store, search-attributes/);
  });
});
