import type { Collected } from '../../contract/messages.js';
import { ApiKeyTable } from './api-keys.js';
import type { Outbox, OutboxSource, Reachable, Store, StoreCipher } from '../../ports.js';
import { Keyring } from '../encryption/keyring.js';
import { createStoreCipher } from '../encryption/store-cipher.js';
import { BucketTable } from './buckets.js';
import { collect } from './collect.js';
import { Database } from './database.js';
import { DefinitionTable } from './definitions.js';
import { OutboxTable } from './outbox.js';
import { TextTable } from './texts.js';
import { TranscriptTable } from './transcripts.js';

/** Where the store is. */
export interface StoreConfig {
  /** `postgres://user:password@host:port/database` */
  databaseUrl: string;
  /** Connections of this process, at most. */
  connections?: number;
  /** Encrypts what is kept, and makes the digests. Absent: nothing is encrypted. */
  cipher?: StoreCipher;
}

/** The store, with what only its owner does. */
export interface PostgresStore extends Store {
  /** Brings the schema up to date; by itself at the first call. */
  migrate(): Promise<void>;
  /** Where API keys are kept. */
  apiKeys: ApiKeyTable;
  /** Events on their way out: both ends. */
  outbox: Outbox & OutboxSource;
  /** Removes what is not reachable and older than the grace. `onStep`: is still at work. */
  collect(
    reachable: AsyncIterable<Reachable>,
    options: { graceMs: number; dryRun?: boolean },
    onStep: () => void,
  ): Promise<Collected>;
}

/**
 * The `Store` port on Postgres, or on PGlite behind its socket server. Nothing is connected, and nothing migrated, before the
 * first call.
 */
export function openStore({
  databaseUrl,
  connections = 5,
  cipher = createStoreCipher(Keyring.empty()),
}: StoreConfig): PostgresStore {
  const database = new Database(databaseUrl, connections);
  const texts = new TextTable(database, cipher);
  const transcripts = new TranscriptTable(database, cipher);
  const definitions = new DefinitionTable(database, cipher);
  const buckets = new BucketTable(database);
  return {
    putText: (tenant, text) => texts.put(tenant, text),
    getText: (tenant, ref) => texts.get(tenant, ref),
    appendTranscript: (tenant, parent, messages) => transcripts.append(tenant, parent, messages),
    readTranscript: (tenant, digest) => transcripts.read(tenant, digest),
    putDefinition: (tenant, crew) => definitions.put(tenant, crew),
    getDefinition: (tenant, name, version) => definitions.get(tenant, name, version),
    listDefinitions: (tenant) => definitions.list(tenant),
    listVersions: (tenant, name) => definitions.versions(tenant, name),
    takeTokens: (key, tokens, perMinute) => buckets.take(key, tokens, perMinute),
    settleTokens: (key, difference, perMinute) => buckets.settle(key, difference, perMinute),
    apiKeys: new ApiKeyTable(database),
    outbox: new OutboxTable(database, cipher),
    migrate: () => database.migrate(),
    collect: (reachable, options, onStep) => collect({ database, cipher }, reachable, options, onStep),
    close: () => database.close(),
  };
}
