import type { Collected } from '../../contract/messages.js';
import type { Outbox, OutboxSource, Reachable, Store } from '../../ports.js';
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
}

/** The store, with what only its owner does. */
export interface PostgresStore extends Store {
  /** Brings the schema up to date; by itself at the first call. */
  migrate(): Promise<void>;
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
export function openStore({ databaseUrl, connections = 5 }: StoreConfig): PostgresStore {
  const database = new Database(databaseUrl, connections);
  const texts = new TextTable(database);
  const transcripts = new TranscriptTable(database);
  const definitions = new DefinitionTable(database);
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
    outbox: new OutboxTable(database),
    migrate: () => database.migrate(),
    collect: (reachable, options, onStep) => collect(database, reachable, options, onStep),
    close: () => database.close(),
  };
}
