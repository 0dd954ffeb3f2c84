import type { ClosingRecord, RunClosing } from '../contract/messages.js';
import { MAX_CLOSING_CHARS } from '../contract/messages.js';
import type { BlobRef, Text } from '../contract/wire.js';
import type { BudgetCarry } from './budget.js';
import type { Stop } from './control.js';
import type { CrewRun } from './crew-run.js';
import type { JournalEntries } from './journal.js';
import { getText, putText, STORE } from './proxies.js';
import type { StateCarry } from './run-log.js';
import type { RunState } from './run-state.js';

/** Where a run stands when it continues as new. New fields must be optional. */
export interface RunCarry {
  state: StateCarry;
  journal: JournalEntries;
  budget: BudgetCarry;
  pace: Record<string, number[]>;
  counters: Record<string, number>;
  cache: Record<string, Text>;
  decidedBy: Record<string, string>;
  stop?: Stop;
  /** The last event that was handed to the outbox. */
  published?: number;
}

/** Longest carry that is an argument itself, in UTF-16 code units of its JSON. */
const MAX_CARRY_CHARS = 300_000;

/**
 * What the run that goes on is given: its carry, or where the store has it. The events so far go into the store. Messages
 * that come while it writes are in it too: it begins again until none came.
 */
export async function makeCarry(run: CrewRun): Promise<RunCarry | BlobRef> {
  for (;;) {
    // What goes into the store is not at hand any more to be published.
    while (run.publisher?.behind) await run.publisher.caughtUp();
    const { lastSeq } = run.state.view;
    const { page } = run.state;
    if (page.events.length > 0) run.state.eventsStored(lastSeq, await keep(page, 'events'));
    const carry = run.carry();
    const seq = run.state.view.lastSeq;
    const ref = JSON.stringify(carry).length <= MAX_CARRY_CHARS ? undefined : await keep(carry, 'carry');
    if (!ref) return carry;
    if (run.state.view.lastSeq === seq) return ref;
  }
}

/** Reads what `makeCarry` made. */
export async function readCarry(carry: RunCarry | BlobRef): Promise<RunCarry> {
  return isRef(carry) ? (JSON.parse(await getText(carry)) as RunCarry) : carry;
}

/** True where a carry must be read from the store first. */
export function isRef(value: object): value is BlobRef {
  return 'ref' in value && 'chars' in value;
}

/** Everything that a reader needs of a run that ends, so that no worker (nor old code) has to replay it. */
export async function closingRecord({ view, page }: RunState): Promise<ClosingRecord> {
  const closing: RunClosing = { view, ...page };
  return JSON.stringify(closing).length <= MAX_CLOSING_CHARS ? closing : keep(closing, 'closing');
}

function keep(value: unknown, what: string): Promise<BlobRef> {
  return putText.executeWithOptions({ ...STORE, summary: what }, [JSON.stringify(value)]);
}
