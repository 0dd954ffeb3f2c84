import assert from 'node:assert/strict';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { createPayloadSealing } from '../../../src/adapters/encryption/codec-server.js';
import { Keyring } from '../../../src/adapters/encryption/keyring.js';
import { createPayloadCodec } from '../../../src/adapters/encryption/payload-codec.js';
import { EncryptionError } from '../../../src/contract/encryption-error.js';
import { ringOf } from '../../support/encryption.js';

const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) ?? assert.fail();
const valueOf = (one: Payload | undefined) => defaultPayloadConverter.fromPayload(one ?? assert.fail());
const within = (workflowId: string) => ({ type: 'workflow', namespace: 'default', workflowId }) as const;
const ofActivity = (workflowId: string) =>
  ({ type: 'activity', namespace: 'default', workflowId, activityId: 'a/1', isLocal: false }) as const;
const codecOf = (ring: Keyring, heard: EncryptionError[] = []) =>
  createPayloadCodec(ring, (error) => heard.push(error));
const broken = (problem: string, keyId: string) => (error: unknown) => {
  assert.ok(error instanceof EncryptionError);
  return error.problem === problem && error.keyId === keyId;
};

describe('the payload codec', () => {
  it('hides a payload, its encoding too, and gives it again to every kind of workflow of its tenant', async () => {
    const codec = codecOf(ringOf('k1'));
    const [sealed = assert.fail()] = await codec.encode([payload({ secret: 'tea' })], within('crew/acme/run-1'));
    assert.doesNotMatch(Buffer.from(sealed.data ?? []).toString('latin1'), /tea|json/);
    assert.equal(Buffer.from(sealed.metadata?.['encryption-key-id'] ?? []).toString(), 'k1');
    for (const id of ['crew/acme/run-1', 'batch/acme/b', 'thread/acme/t', 'scheduled/acme/n-2026']) {
      const [opened] = await codec.decode([sealed], within(id));
      assert.deepEqual(valueOf(opened), { secret: 'tea' });
    }
    const [opened] = await codec.decode([sealed], ofActivity('crew/acme/run-1'));
    assert.deepEqual(valueOf(opened), { secret: 'tea' });
    const [again] = await codec.encode([payload({ secret: 'tea' })], within('crew/acme/run-1'));
    assert.notDeepEqual(again?.data, sealed.data);
  });

  it("does not open another tenant's, whatever its metadata says", async () => {
    const heard: EncryptionError[] = [];
    const codec = codecOf(ringOf('k1'), heard);
    const [sealed = assert.fail()] = await codec.encode([payload('tea')], within('crew/acme/run-1'));
    await assert.rejects(codec.decode([sealed], within('crew/other/run-1')), broken('not_authentic', 'k1'));
    const renamed = { ...sealed, metadata: { ...sealed.metadata, 'encryption-tenant': Buffer.from('other') } };
    await assert.rejects(codec.decode([renamed], within('crew/other/run-1')), broken('not_authentic', 'k1'));
    const { 'encryption-tenant': _, ...nobodys } = sealed.metadata ?? {};
    await assert.rejects(codec.decode([{ ...sealed, metadata: nobodys }], within('crew/other/run-1')));
    assert.equal(heard.length, 3);
  });

  it('does not open what was changed, at any byte', async () => {
    const codec = codecOf(ringOf('k1'));
    const [sealed = assert.fail()] = await codec.encode([payload('tea')], within('crew/acme/run-1'));
    const bytes = Buffer.from(sealed.data ?? []);
    for (let at = 0; at < bytes.length; at++) {
      const data = Buffer.from(bytes);
      data[at] = (data[at] ?? 0) ^ 1;
      await assert.rejects(codec.decode([{ ...sealed, data }], within('crew/acme/run-1')));
    }
    await assert.rejects(codec.decode([{ ...sealed, data: bytes.subarray(0, 20) }], within('crew/acme/run-1')));
  });

  it('reads what older keys wrote, and what lay plain; says which key is missing', async () => {
    const [old = assert.fail()] = await codecOf(ringOf('old')).encode([payload('tea')], within('crew/acme/1'));
    const plain = payload('coffee');
    const opened = await codecOf(ringOf('new', 'old')).decode([old, plain], within('crew/acme/1'));
    assert.deepEqual(opened.map(valueOf), ['tea', 'coffee']);
    for (const ring of [ringOf('new'), Keyring.empty()]) {
      const heard: EncryptionError[] = [];
      const read = codecOf(ring, heard).decode([old], within('crew/acme/1'));
      await assert.rejects(
        read,
        (error: Error) => error.name === 'Encryption.KeyMissing' && /'old'/.test(error.message),
      );
      assert.equal(heard[0]?.problem, 'key_missing');
    }
    const [untouched] = await codecOf(Keyring.empty()).encode([plain], within('crew/acme/1'));
    assert.deepEqual(untouched, plain);
  });

  it("takes payloads that Temporal names no workflow for, and gives a codec server's caller his tenant's alone", async () => {
    const ring = ringOf('k1');
    const codec = codecOf(ring);
    const [nobodys = assert.fail()] = await codec.encode([payload('digest')]);
    assert.deepEqual((await codec.decode([nobodys])).map(valueOf), ['digest']);
    assert.deepEqual((await codec.decode([nobodys], within('crew/acme/1'))).map(valueOf), ['digest']);
    const [ours = assert.fail()] = await codec.encode([payload('tea')], within('crew/acme/1'));
    const json = [ours, nobodys, payload('plain')].map(({ metadata = {}, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(data ?? []).toString('base64'),
    }));
    const server = createPayloadSealing(ring, assert.fail);
    const [first, ...others] = server.decode('acme', json);
    assert.equal(Buffer.from(first?.data ?? '', 'base64').toString(), '"tea"');
    assert.deepEqual(others, json.slice(1));
    assert.deepEqual(server.decode('other', json), json);
    assert.deepEqual(server.decode('acme', server.encode('acme', [first ?? assert.fail()])), [first]);
    const heard: EncryptionError[] = [];
    const without = createPayloadSealing(ringOf('k2'), (error) => heard.push(error));
    assert.deepEqual(without.decode('acme', json), json);
    assert.equal(heard.length, 1);
  });
});
