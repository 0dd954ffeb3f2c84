import type { Collected } from '../contract/messages.js';
import type { BlobRef, PlainMessage } from '../contract/wire.js';
import type { CrewDefinition } from '../crew/types.js';

/**
 * The store: texts by content, definitions by version, limits over all workers. Every method rejects with a `StoreError`
 * and nothing else. `tenant` is part of every key.
 */
export interface Store {
  /** Keeps a text. The same text is kept once. */
  putText(tenant: string, text: string): Promise<BlobRef>;
  /** Undefined where there is no such text. */
  getText(tenant: string, ref: string): Promise<string | undefined>;
  /**
   * Keeps messages as the continuation of a conversation; gives the digest of the whole. The same messages after the same
   * parent give the same digest.
   */
  appendTranscript(tenant: string, parent: string | undefined, messages: readonly PlainMessage[]): Promise<string>;
  /** The whole conversation; undefined where there is no such digest. */
  readTranscript(tenant: string, digest: string): Promise<PlainMessage[] | undefined>;

  /** Keeps a definition as a new version of its name, or gives the version that has this digest already. Versions count from 1. */
  putDefinition(tenant: string, crew: StoredDefinition): Promise<{ version: number; created: boolean }>;
  /** The newest version, or the given one. */
  getDefinition(
    tenant: string,
    name: string,
    version?: number,
  ): Promise<(StoredDefinition & StoredVersion) | undefined>;
  /** The newest version of each name, by name. */
  listDefinitions(tenant: string): Promise<(StoredDefinition & StoredVersion)[]>;
  /** All versions of a name, newest first. */
  listVersions(tenant: string, name: string): Promise<(StoredVersion & { digest: string })[]>;

  /**
   * Takes `tokens` of a model's tokens per minute, shared by all workers; or says how long until they are there. A request
   * for more than a minute's worth is granted when the bucket is full.
   */
  takeTokens(
    key: string,
    tokens: number,
    perMinute: number,
  ): Promise<{ granted: true } | { granted: false; waitMs: number }>;
  /** Corrects a grant by what was really used: positive takes more, negative gives back. */
  settleTokens(key: string, difference: number, perMinute: number): Promise<void>;

  close(): Promise<void>;
}

/** A definition as it is kept. */
export interface StoredDefinition {
  name: string;
  /** SHA-256 (hex) of the parsed, defaulted definition. */
  digest: string;
  definition: CrewDefinition;
}

/** When which version was made. */
export interface StoredVersion {
  version: number;
  /** ISO 8601. */
  createdAt: string;
}

/** Digests that something which is kept speaks of. */
export interface Reachable {
  tenant: string;
  digests: string[];
}

/** Removes what no retained run reaches and was not written for `graceMs`. `dryRun`: only counts. `onStep`: is still at work. */
export type CollectGarbage = (options: { graceMs: number; dryRun?: boolean }, onStep: () => void) => Promise<Collected>;
