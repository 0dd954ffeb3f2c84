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
  replay(targets: readonly string[]): AsyncIterable<Replayed>;
  version: string;
  out(text: string): void;
  err(text: string): void;
}

/** A crew of a project as it was imported, with what is still wrong with it. */
export interface ImportedCrew {
  folder: string;
  document: Record<string, unknown>;
  report: ImportReport;
  /** Why the definition does not validate; empty: it does. */
  problems: string[];
}

/** A command of `crew`. */
export interface Command {
  summary: string;
  usage: string;
  /** Resolves to the exit code: 0 done, 1 not, 2 the call's words are off. */
  run(args: string[], deps: CliDeps): Promise<number> | number;
}

/** What went wrong, in words for people. */
export class CliError extends Error {}

/** The call's words are off. */
export class UsageError extends Error {}
