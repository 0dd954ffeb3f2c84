import type { CrewRef } from '../contract/views.js';
import type { CrewDefinition } from '../crew/types.js';

/** A crew that can be run. */
export interface Crew {
  ref: CrewRef;
  definition: CrewDefinition;
}

/** The crews that the operator provides as files: the same for all tenants. */
export interface CrewFiles {
  list(): readonly Crew[];
  find(name: string): Crew | undefined;
  /** What was left out of CrewAI projects in the folder, and what is to be set: one line each. */
  warnings?: readonly string[];
}

/** All crews that a tenant can run: those of files, and definitions kept in the store. Rejects with a `StoreError`. */
export interface CrewCatalog {
  /** The newest version of each, by name. A file's comes before what is stored under its name. */
  list(tenant: string): Promise<readonly CatalogCrew[]>;
  /**
   * The newest version, or the given one: a number of the store's, or the first 8 or more hex digits of a digest. Undefined
   * for any name and version that there is not, also for what can be none.
   */
  find(tenant: string, name: string, version?: string): Promise<CatalogCrew | undefined>;
  /** The versions that can be run, newest first; a file's before those of the store. */
  versions(tenant: string, name: string): Promise<CrewVersion[]>;
  /**
   * Keeps a valid definition as a new version of its name. `existing`: this very definition is kept already, maybe not as the
   * newest version. `taken`: a file has the name, and nothing is kept.
   */
  put(tenant: string, definition: CrewDefinition): Promise<PutCrew>;
  /** SHA-256 (hex) that a definition is known by. */
  digestOf(definition: CrewDefinition): string;
}

/** A crew and where it comes from. */
export interface CatalogCrew extends Crew {
  source: 'file' | 'store';
  /** ISO 8601, of what is stored. */
  createdAt?: string;
}

/** One version of a crew, without its definition. */
export interface CrewVersion {
  ref: CrewRef;
  source: 'file' | 'store';
  /** ISO 8601, of what is stored. */
  createdAt?: string;
}

/** What became of a definition that was to be kept. `newest` false: a later version is what the name alone stands for. */
export type PutCrew = { outcome: 'created' | 'existing'; crew: CatalogCrew; newest: boolean } | { outcome: 'taken' };

/** Reads a definition that was sent as YAML text. */
export type ReadYaml = (
  text: string,
) => { ok: true; document: unknown; placeOf: PlaceOf } | { ok: false; issues: PlacedIssue[] };

/** Where in a text the value of a path stands, or the nearest one above it. Lines and columns from 1. */
export type PlaceOf = (path: readonly (string | number)[]) => { line: number; column: number };

/** What is wrong with a text, and where. */
export interface PlacedIssue {
  message: string;
  line: number;
  column: number;
}
