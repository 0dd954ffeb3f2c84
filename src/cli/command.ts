import type { Readable, Writable } from 'node:stream';
import type { CreatedApiKey, CreateKeyRequest } from '../client/index.js';
import type { ImportReport } from '../crew/import-report.js';
import type { CrewDefinition } from '../crew/types.js';
import type { Replayed } from '../ports.js';

/** What the commands need of the outside. */
export interface CliDeps {
  /** Imports all crews of a CrewAI project. @throws CliError */
  importProject(folder: string, name: string | undefined): ImportedCrew[];
  /** Reads a crew file, or all of a folder. Problems are lines with file, place and path. */
  readCrews(path: string): { crews: { file: string; definition: CrewDefinition }[]; problems: string[] };
  /** A definition as a YAML file. */
  toYaml(document: Record<string, unknown>, comment: string): string;
  /** Writes a file; false where it is there already and may not be replaced. @throws CliError */
  write(file: string, text: string, replace: boolean): boolean;
  isFolder(path: string): boolean;
  /** Replays runs by id, and saved histories by path. @throws CliError */
  replay(targets: readonly string[], tenant?: string): AsyncIterable<Replayed>;
  /** A file's text, or with `-` all of standard input. @throws CliError */
  readText(path: string): Promise<string>;
  /** YAML or JSON. @throws CliError */
  parseYaml(text: string, of: string): unknown;
  /** Has a person change a text in their editor; `extension` without a dot. @throws CliError */
  edit(text: string, extension: string): Promise<string>;
  /** Looks at what is behind the service, from here. */
  checks(): AsyncIterable<Check>;
  /** Makes an API key in the store itself. @throws CliError */
  bootstrapKey: BootstrapKey;
  /** Where the service is, and who said so; and what it knows the caller by. */
  service: { url: string; from: string; apiKey?: string };
  /** Who decides and asks, where a call does not say. Absent: the service knows. */
  user?: string;
  terminal: Terminal;
  /** Calls back on Ctrl-C, until what it gives is called. */
  onInterrupt(listener: () => void): () => void;
  version: string;
  out(text: string): void;
  err(text: string): void;
}

/** Makes an API key with no gateway. */
export type BootstrapKey = (key: CreateKeyRequest & { tenant?: string }) => Promise<CreatedApiKey>;

/** What the command line is typed at. */
export interface Terminal {
  /** A person can be asked: standard input and error are terminals. */
  interactive: boolean;
  /** Standard output is one. */
  outIsTerminal: boolean;
  /** Whether colours go to standard output, and to standard error. */
  colours: { out: boolean; err: boolean };
  columns(): number;
  /** Where questions are asked. */
  input: Readable;
  output: Writable;
}

/** One thing that was looked at. */
export interface Check {
  name: string;
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  found: string;
  /** What to do about it. */
  fix?: string;
}

/** A crew of a project as it was imported, with what is still wrong with it. */
export interface ImportedCrew {
  folder: string;
  document: Record<string, unknown>;
  report: ImportReport;
  /** Why the definition does not validate; empty: it does. */
  problems: string[];
}

/** What went wrong, in words for people. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The call's words are off. */
export class UsageError extends Error {}
