import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DataConverter } from '@temporalio/common';
import pg from 'pg';
import { Keyring } from '../../src/adapters/encryption/keyring.js';
import { createPayloadCodec } from '../../src/adapters/encryption/payload-codec.js';
import { failureConverterPath } from '../../src/compose-encryption.js';
import type { EncryptionError } from '../../src/contract/encryption-error.js';

/** A ring of keys with these ids, each made of its id. */
export function ringOf(...ids: string[]): Keyring {
  return Keyring.parse(ids.map(keyOf).join(','));
}

/** `id:base64`, as a variable has it. */
export function keyOf(id: string): string {
  return `${id}:${createHash('sha256').update(id).digest('base64')}`;
}

/** A data converter whose keys a test changes under running clients and workers. */
export function changingConverter(ring: () => Keyring): { dataConverter: DataConverter; problems: EncryptionError[] } {
  const problems: EncryptionError[] = [];
  const codec = () => createPayloadCodec(ring(), (error) => problems.push(error));
  return {
    dataConverter: {
      payloadCodecs: [
        {
          encode: (payloads, context) => codec().encode(payloads, context),
          decode: (payloads, context) => codec().decode(payloads, context),
        },
      ],
      failureConverterPath: failureConverterPath(),
    },
    problems,
  };
}

/** Every byte of every file under a folder. */
export function bytesUnder(folder: string): { where: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ where: file, bytes: readFileSync(file) }));
}

/** Every value of every row of every table, unpacked where it is compressed. */
export async function valuesOf(databaseUrl: string): Promise<{ where: string; bytes: Buffer }[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const found: { where: string; bytes: Buffer }[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM "${name}"`);
      for (const [column, value] of rows.flatMap((row) => Object.entries(row))) {
        const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value) ?? '');
        found.push(
          { where: `${name}.${column}`, bytes },
          { where: `${name}.${column} unpacked`, bytes: unpacked(bytes) },
        );
      }
    }
    return found;
  } finally {
    await client.end();
  }
}

function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    return Buffer.alloc(0);
  }
}
