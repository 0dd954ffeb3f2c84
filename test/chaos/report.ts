import { cpus } from 'node:os';
import type { ChaosResult } from './chaos.js';
import { inFlight, type Fault } from './faults.js';
import { repeatsOf } from './oracle.js';

/** What earlier runs found. */
const MENDED = [
  'Found by earlier runs, and mended:',
  '',
  '- The disk of the store was full: an answer that could not be kept was lost, and the model was asked again by each retry, four times',
  '  in 12 s. Answers, and long results of tools, now wait for the store, as long as their attempt has time.',
  '- The clock was set while a call ran: the event of the call said that it took a day, or less than nothing. Durations are now taken',
  '  from a clock that is not set.',
];

/** The result as a document. */
export function reportOf(result: ChaosResult): string {
  const { options, runs, model, faults, published, problems, without, durationMs } = result;
  const events = runs.reduce((sum, { view }) => sum + (view?.lastSeq ?? 0), 0);
  const heard = runs.flatMap(({ subscribers }) => subscribers);
  const answered = model.calls.filter(({ outcome }) => outcome === 'answered').length;
  const unanswered = model.calls.filter(({ outcome }) => outcome === 'unanswered').length;
  const repeats = repeatsOf(model.calls, faults).length;
  const rows = [
    ['runs, of them as expected', `${runs.length}, ${problems.length === 0 ? runs.length : 'see below'}`],
    ['faults', String(faults.length)],
    ['events, heard by two subscribers each', `${events}, ${heard.reduce((sum, one) => sum + one.events.length, 0)}`],
    ['connections of subscribers made anew', String(heard.reduce((sum, one) => sum + one.reconnected, 0))],
    ['messages in Kafka, the same event again among them', `${published.length}, ${published.length - events}`],
    ['calls of the model, answered', `${model.calls.length}, ${answered}`],
    ['calls that the model itself left without an answer', String(unanswered)],
    ['calls made again after an answer, or cut with one in flight', String(repeats)],
    ['calls of tools', String(model.uses.length)],
  ];
  return `${[
    '# Chaos',
    '',
    'Written by `npm run chaos` (`test/chaos/`): crews of every process, with tools and people, run while one part after the other is',
    'killed, the disk of the store is full, the model is slow or half open, and the clock of a worker is set. All parts are real',
    'processes; the model and the tools are scripted, and count. `--seed` repeats the order of the faults.',
    '',
    `Seed ${options.seed}, ${(durationMs / 60_000).toFixed(1)} minutes, ${cpus().length} processors, Node ${process.versions.node}.`,
    '',
    ...table(['what', 'how many'], rows),
    '',
    ...table(FAULT_HEAD, faultRows(result)),
    '',
    'In flight: asked and not yet known to Temporal as answered, when a worker was killed, or while the Temporal server was away; no other',
    'fault may cost a call. Whole again: the part serves. Goes on: the first event after that was heard by a subscriber;',
    'meanwhile something else may have been struck.',
    ...without.map((line) => `\nNot on this machine: ${line}.`),
    '',
    '## What is checked',
    '',
    '- Every run ends, with the outputs that its inputs determine, and every decision as it was made.',
    '- No model call is made again after Temporal had its answer. One that is made again was in flight at a fault, once for each.',
    '- A tool that must not be repeated is called once; each subscriber hears every event once and in order; Kafka has each event.',
    '- Each history replays, and no process is left.',
    '',
    problems.length === 0
      ? 'Found in this run: nothing.'
      : `Found in this run:\n\n${problems.map((line) => `- ${line}`).join('\n')}`,
    '',
    ...MENDED,
  ].join('\n')}\n`;
}

const FAULT_HEAD = [
  'fault',
  'times',
  'calls in flight',
  'calls made again',
  'whole again, longest',
  'goes on, longest',
];

function faultRows({ faults, model, finished, heardAt }: ChaosResult): string[][] {
  const finishedAt = new Map(finished.map(({ id, at }) => [id, at]));
  const repeats = repeatsOf(model.calls, faults);
  const names = [...new Set(faults.map(({ name }) => name))].sort();
  const longest = (times: number[]) => `${(Math.max(0, ...times) / 1_000).toFixed(1)} s`;
  const goesOn = ({ from, until }: Fault) => (heardAt.find((at) => at > until) ?? until) - from;
  return names.map((name) => {
    const own = faults.filter((fault) => fault.name === name);
    return [
      name,
      String(own.length),
      String(own.reduce((sum, fault) => sum + inFlight(fault, model.calls, finishedAt).size, 0)),
      String(repeats.filter(({ fault }) => fault?.name === name).length),
      longest(own.map(({ from, until }) => until - from)),
      longest(own.map(goesOn)),
    ];
  });
}

/** A table as Prettier writes it. */
function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
