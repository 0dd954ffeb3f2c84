import type { ImportReport } from './import-report.js';
import { asText, entriesOf, isRecord, isScalar } from './import-values.js';
import { NAME_PATTERN } from './schema.js';
import { placeholders } from './template.js';

const TEXTS = ['role', 'goal', 'backstory', 'description', 'expected_output', 'output_file', 'guardrail'];

/** `{ topic }` as people write it is `{topic}`; a name that ours cannot have is put into one that it can. */
const LOOSE = /\{[ \t]*([A-Za-z][A-Za-z0-9_.-]{0,63})[ \t]*\}/g;

/** Brings the placeholders of all texts into our form, in place. */
export function tidyPlaceholders(documents: readonly Record<string, unknown>[], report: ImportReport): void {
  for (const document of documents) {
    for (const key of TEXTS) {
      const value = document[key];
      if (typeof value === 'string') document[key] = tidy(value, report);
      if (Array.isArray(value))
        document[key] = value.map((item: unknown) => (typeof item === 'string' ? tidy(item, report) : item));
    }
  }
}

function tidy(text: string, report: ImportReport): string {
  return text.replace(LOOSE, (whole, name: string, at: number) => {
    // `{{name}}` stands for the braces themselves.
    if (text[at - 1] === '{' || text[at + whole.length] === '}') return whole;
    const plain = name.replaceAll('.', '_');
    if (plain !== name) report.warnings.push({ path: 'inputs', message: `{${name}} became {${plain}}` });
    return `{${plain}}`;
  });
}

/** The inputs that the texts speak of, with the values that the files give for them as defaults. */
export function importInputs(
  documents: readonly Record<string, unknown>[],
  given: unknown,
  report: ImportReport,
): Record<string, object> {
  const names = new Set(
    documents.flatMap((document) => TEXTS.flatMap((key) => textsOf(document[key]).flatMap(placeholders))),
  );
  const defaults = new Map(defaultsOf(given));
  for (const name of defaults.keys()) if (NAME_PATTERN.test(name)) names.add(name);
  const inputs = [...names].sort().map((name): [string, object] => {
    const value = defaults.get(name);
    return [name, value === undefined ? {} : { default: value }];
  });
  const required = inputs.filter(([, spec]) => !('default' in spec)).map(([name]) => name);
  if (required.length > 0) {
    report.toSet.push({ path: 'inputs', message: `A run needs a value for each: ${required.join(', ')}` });
  }
  return Object.fromEntries(inputs);
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string');
}

/** `inputs: [topic]` or `inputs: { topic: AI }`, as crew files have them. */
function defaultsOf(given: unknown): [string, string | undefined][] {
  if (Array.isArray(given)) {
    return given.map((item): [string, undefined] => [asText(isRecord(item) ? item['name'] : item), undefined]);
  }
  if (!isRecord(given)) return [];
  return entriesOf(given).map(([name, value]) => {
    const text = isRecord(value) ? asText(value['default']) : isScalar(value) ? asText(value) : '';
    return [name, text === '' ? undefined : text.slice(0, 10_000)];
  });
}
