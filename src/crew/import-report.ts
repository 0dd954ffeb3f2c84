/** One thing that an import says, and where it belongs: `agents.researcher.llm`. */
export interface Note {
  path: string;
  message: string;
}

/** What became of a CrewAI project. */
export interface ImportReport {
  /** What is in the definition. */
  taken: Note[];
  /** What was mended, and keys that mean nothing here. */
  warnings: Note[];
  /** What lies in Python and cannot be known from data. */
  unknown: Note[];
  /** What is still to be set before the crew does all that it did. */
  toSet: Note[];
}

export function emptyReport(): ImportReport {
  return { taken: [], warnings: [], unknown: [], toSet: [] };
}

/** Paths that a line names before it only counts the rest. */
const MAX_PATHS = 6;

/** The report as lines for people; what is said of several places is said once. */
export function reportText({ taken, warnings, unknown, toSet }: ImportReport): string {
  return [
    ...section('Taken', taken),
    ...section('Warnings', warnings),
    ...section('Not known from the files (it lies in Python)', unknown),
    ...section('To set', toSet),
  ].join('\n');
}

function section(title: string, notes: readonly Note[]): string[] {
  if (notes.length === 0) return [];
  const byMessage = new Map<string, string[]>();
  for (const { path, message } of notes) byMessage.set(message, [...(byMessage.get(message) ?? []), path]);
  return [title, ...Array.from(byMessage, ([message, paths]) => `  ${pathsText(paths)}: ${message}`)];
}

function pathsText(paths: readonly string[]): string {
  const named = [...new Set(paths)];
  const rest = named.length - MAX_PATHS;
  return `${named.slice(0, MAX_PATHS).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
