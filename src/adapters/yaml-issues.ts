import { formatPath, type Issue } from '../crew/issues.js';
import { readYaml as readText } from './read-yaml.js';

/** Largest YAML file that is read, in bytes. */
const MAX_FILE_BYTES = 1_000_000;

/** A file read as YAML: its value and a way to say where an issue of it is; or what is wrong with the file, one line a problem. */
export type YamlFile =
  { ok: true; value: unknown; describe: (issue: Issue) => string } | { ok: false; problems: string[] };

/**
 * Reads YAML 1.2 (of which JSON is a part). `file` is what lines are headed by. `describe` and all problems read
 * `crews/a.yaml:7:5 tasks.research.agent: No agent has the key …`: file, line, column, path, what was expected.
 */
export function readYaml(file: string, bytes: Uint8Array): YamlFile {
  if (bytes.length > MAX_FILE_BYTES) return { ok: false, problems: [`${file}: larger than ${MAX_FILE_BYTES} bytes`] };
  const read = readText(Buffer.from(bytes).toString('utf8'));
  if (!read.ok) {
    return {
      ok: false,
      problems: read.issues.map(({ message, line, column }) => `${file}:${line}:${column} ${message}`),
    };
  }
  const describe = ({ path, message }: Issue) => {
    const { line, column } = read.placeOf(path);
    return `${file}:${line}:${column} ${formatPath(path)}: ${message}`;
  };
  return { ok: true, value: read.document, describe };
}
