import type { StoreCipher } from '../../ports.js';
import { HEAD_CHARS, keyIdOf } from '../encryption/store-cipher.js';
import { BODY_HEAD, resealed, type Body, type Owner } from '../store/body.js';
import { keptDefinition, readDefinition, type DefinitionRow } from '../store/definitions.js';
import { OUTBOX_KIND } from '../store/outbox.js';
import { textOwner } from '../store/texts.js';
import { transcriptOwner } from '../store/transcripts.js';
import { webhookKind } from '../webhooks/at-rest.js';

/** The values of a row, by column. */
export type Row = Record<string, unknown>;

/** What opens rows, and what they are sealed with. */
export interface Resealing {
  /** Has all keys. */
  reader: StoreCipher;
  /** Has the key alone that rows shall be sealed with. */
  writer: StoreCipher;
  /** Its id. */
  keyId: string;
  /** What lies plain is sealed too. */
  plain: boolean;
}

/** A table with sealed columns. */
export interface SealedTable {
  name: string;
  /** The columns of its primary key, and their types. */
  key: Record<string, 'text' | 'integer'>;
  /** In SQL, by column: its beginning, from which `keyIdOf` tells its key; null where there is nothing to seal. */
  heads: Record<string, string>;
  /** In SQL: how many bytes of it are read, about. */
  size: string;
  /** What is read to seal a row again, beside the key. */
  columns: string[];
  /** What is replaced is compared first: parts that are up write these columns too. Absent: whoever writes them writes the same. */
  changing?: true;
  /** Each row is looked at, as a head does not say all: there are few. */
  whole?: true;
  /** How a column is set, `value` being the parameter; absent: to it. */
  set?: Record<string, (value: string) => string>;
  /** What becomes of a row: the columns that change. @throws EncryptionError */
  again(row: Row, resealing: Resealing): Row;
}

/** A table whose bodies are opened by whom they belong to. */
function bodies(name: string, ownerOf: (row: Row, reader: StoreCipher) => Owner, columns: string[] = []): SealedTable {
  return {
    name,
    key: { tenant: 'text', digest: 'text' },
    heads: { body: BODY_HEAD },
    size: 'octet_length(body)',
    columns: ['body', 'encoding', ...columns],
    again: (row, { reader, writer }) => ({ ...resealed(row as unknown as Body, ownerOf(row, reader), writer) }),
  };
}

/** A table with sealed texts; `kinds`: by column, what the cipher knows it by. */
function texts(name: string, key: SealedTable['key'], kinds: Record<string, (row: Row) => string>): SealedTable {
  const columns = Object.keys(kinds);
  return {
    name,
    key,
    // An empty list says nothing: it is what a column has before anything is put there.
    heads: Object.fromEntries(columns.map((column) => [column, `nullif(left(${column}, ${HEAD_CHARS}), '[]')`])),
    size: columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + '),
    columns,
    changing: true,
    again: (row, { reader, writer, keyId, plain }) => {
      const changed: Row = {};
      for (const [column, kindOf] of Object.entries(kinds)) {
        const kept = row[column];
        if (typeof kept !== 'string' || !isStale(keyIdOf(kept), { keyId, plain })) continue;
        const [tenant, kind] = [row['tenant'] as string, kindOf(row)];
        changed[column] = writer.seal(tenant, kind, reader.open(tenant, kind, kept));
      }
      return changed;
    },
  };
}

/** Whether something that is sealed with this key (undefined: with none) shall be sealed again. */
export function isStale(sealedWith: string | undefined, { keyId, plain }: Pick<Resealing, 'keyId' | 'plain'>): boolean {
  return sealedWith === undefined ? plain : sealedWith !== keyId;
}

const ofWebhook = (what: Parameters<typeof webhookKind>[0]) => (row: Row) => webhookKind(what, row['id'] as string);

/** Every table that has something sealed. */
export const SEALED_TABLES: readonly SealedTable[] = [
  bodies('blobs', (row, reader) => textOwner(reader, row['tenant'] as string, row['digest'] as string)),
  bodies(
    'transcripts',
    (row, reader) => {
      const { tenant, digest, parent } = row as { tenant: string; digest: string; parent: string | null };
      return transcriptOwner(reader, tenant, digest, parent ?? undefined);
    },
    ['parent'],
  ),
  {
    name: 'definitions',
    key: { tenant: 'text', name: 'text', version: 'integer' },
    heads: { definition: `left(definition, ${HEAD_CHARS})` },
    size: 'octet_length(definition)',
    columns: ['digest', 'definition'],
    // Its digest is made with a key too, so that the same definition finds its version when the other keys are gone.
    whole: true,
    set: {
      // There may be two versions of the same already, from before: then each keeps its digest.
      digest: (value) =>
        `CASE WHEN EXISTS (SELECT 1 FROM definitions AS o WHERE o.tenant = t.tenant AND o.name = t.name AND o.digest = ${value})
         THEN t.digest ELSE ${value} END`,
    },
    again: (row, { reader, writer, keyId, plain }) => {
      const kept = row as unknown as DefinitionRow & { tenant: string };
      const sealedWith = keyIdOf(kept.definition);
      if (sealedWith === undefined && !plain) return {};
      const stored = { name: kept.name, ...readDefinition(reader, kept.tenant, kept) };
      const { digest, definition } = keptDefinition(writer, kept.tenant, stored);
      return {
        ...(digest !== kept.digest && { digest }),
        ...(isStale(sealedWith, { keyId, plain }) && { definition }),
      };
    },
  },
  texts('outbox', { sink: 'text', tenant: 'text', run_id: 'text', seq: 'integer' }, { payload: () => OUTBOX_KIND }),
  texts(
    'webhook_endpoints',
    { tenant: 'text', id: 'text' },
    {
      url: ofWebhook('url'),
      description: ofWebhook('description'),
      secrets: ofWebhook('secrets'),
      request_digest: ofWebhook('request'),
    },
  ),
  texts(
    'webhook_deliveries',
    { tenant: 'text', id: 'text' },
    { body: ofWebhook('body'), attempts: ofWebhook('attempts') },
  ),
];
