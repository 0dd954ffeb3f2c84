import { DEFAULT_TENANT } from '../contract/ids.js';
import type { RunResult, RunView, TaskView } from '../contract/views.js';
import type { BlobRef } from '../contract/wire.js';
import type { Store } from '../ports.js';

/** A view whose outputs are filled in from the store, and parsed where they are JSON. */
export interface HydratedRun extends Omit<RunView, 'tasks' | 'result'> {
  tasks: (TaskView & Parsed)[];
  result?: RunResult & Parsed;
}

interface Parsed {
  json?: unknown;
}

/** Something with an output, as it is or by reference. */
type Output = Pick<TaskView, 'output' | 'outputRef' | 'format'>;

/** Characters of stored outputs that one answer carries; what is over is read from its own address. */
export const MAX_HYDRATED_CHARS = 1_000_000;

/** Texts that are read at the same time. */
const READ_AT_ONCE = 8;

/**
 * Fills in the outputs that lie in the store: the result's first, then those of the tasks in order, as long as they fit
 * `MAX_HYDRATED_CHARS` together. What does not fit, or is not there any more, keeps its `outputRef` alone.
 * @throws StoreError
 */
export async function hydrateRun(store: Store, view: RunView): Promise<HydratedRun> {
  const { tasks, result, ...rest } = view;
  const texts = await readTexts(store, fitting([...(result ? [result] : []), ...tasks]));
  return {
    ...rest,
    tasks: tasks.map((task) => hydrated(task, texts)),
    ...(result && { result: hydrated(result, texts) }),
  };
}

/** The text of one output. Undefined where there is none (any more). @throws StoreError */
export async function outputText(store: Store, { output, outputRef }: Output): Promise<string | undefined> {
  return outputRef ? store.getText(DEFAULT_TENANT, outputRef.ref) : output;
}

/** The JSON of a text that is said to be JSON; undefined where it is none after all, as a person may have written it. */
export function jsonOf(text: string | undefined, format: Output['format']): unknown {
  if (format !== 'json' || text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hydrated<O extends Output>(output: O, texts: Map<string, string>): O & Parsed {
  const text = output.outputRef ? texts.get(output.outputRef.ref) : output.output;
  const json = jsonOf(text, output.format);
  return { ...output, ...(text !== undefined && { output: text }), ...(json !== undefined && { json }) };
}

/** References, each once, up to the first that goes over the bound. */
function fitting(outputs: Output[]): BlobRef[] {
  const refs = new Map(outputs.flatMap(({ outputRef }) => (outputRef ? [[outputRef.ref, outputRef]] : [])));
  let left = MAX_HYDRATED_CHARS;
  return [...refs.values()].filter(({ chars }) => (left -= chars) >= 0);
}

async function readTexts(store: Store, refs: BlobRef[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let from = 0; from < refs.length; from += READ_AT_ONCE) {
    const some = refs.slice(from, from + READ_AT_ONCE);
    const read = await Promise.all(some.map(({ ref }) => store.getText(DEFAULT_TENANT, ref)));
    read.forEach((text, at) => text !== undefined && texts.set(some[at]?.ref ?? '', text));
  }
  return texts;
}
