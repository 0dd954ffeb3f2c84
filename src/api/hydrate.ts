import type { ApprovalView, RunResult, RunView, TaskView } from '../contract/views.js';
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
export type Output = Pick<TaskView, 'output' | 'outputRef' | 'format'>;

/** Characters of stored outputs that one answer carries; what is over is read from its own address. */
export const MAX_HYDRATED_CHARS = 1_000_000;

/** Texts that are read at the same time. */
const READ_AT_ONCE = 8;

/**
 * Fills in the texts that lie in the store: the result's first, what people are asked about, then the tasks' outputs, as long as they fit
 * `MAX_HYDRATED_CHARS` together. What does not fit, or is not there any more, keeps its `outputRef` alone.
 * @throws StoreError
 */
export async function hydrateRun(store: Store, tenant: string, view: RunView): Promise<HydratedRun> {
  const { tasks, result, approvals, ...rest } = view;
  const open = approvals.filter(({ status }) => status === 'open').map(({ shownRef }) => shownRef);
  const refs = [result?.outputRef, ...open, ...tasks.map(({ outputRef }) => outputRef)];
  const texts = await readTexts(store, tenant, fitting(refs));
  return {
    ...rest,
    approvals: approvals.map((approval) => shown(approval, texts)),
    tasks: tasks.map((task) => hydrated(task, texts)),
    ...(result && { result: hydrated(result, texts) }),
  };
}

/** The text of one output. Undefined where there is none (any more). @throws StoreError */
export async function outputText(
  store: Store,
  tenant: string,
  { output, outputRef }: Output,
): Promise<string | undefined> {
  return outputRef ? store.getText(tenant, outputRef.ref) : output;
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

/** An approval with what it is about. */
function shown(approval: ApprovalView, texts: Map<string, string>): ApprovalView {
  const text = approval.shownRef && texts.get(approval.shownRef.ref);
  return text === undefined ? approval : { ...approval, shown: text };
}

/** References, each once, as far as their texts fit the bound together. */
function fitting(refs: (BlobRef | undefined)[]): BlobRef[] {
  const each = new Map(refs.flatMap((ref) => (ref ? [[ref.ref, ref]] : [])));
  let left = MAX_HYDRATED_CHARS;
  return [...each.values()].filter(({ chars }) => {
    if (chars > left) return false;
    left -= chars;
    return true;
  });
}

async function readTexts(store: Store, tenant: string, refs: BlobRef[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let from = 0; from < refs.length; from += READ_AT_ONCE) {
    const some = refs.slice(from, from + READ_AT_ONCE);
    const read = await Promise.all(some.map(({ ref }) => store.getText(tenant, ref)));
    read.forEach((text, at) => text !== undefined && texts.set(some[at]?.ref ?? '', text));
  }
  return texts;
}
