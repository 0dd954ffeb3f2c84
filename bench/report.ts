import type { Effort, Figure, Section } from './section.js';

/** Where and when something was measured. */
export interface Circumstances {
  /** ISO 8601, to the minute. */
  at: string;
  commit: string;
  cores: number;
  cpu: string;
  memoryGb: number;
  node: string;
  temporal: string;
  /** How busy the machine was before: runnable processes, mean of a minute. */
  load: number;
  effort: Effort;
}

/** What a benchmark came to: a chapter, or why there is none. */
export type Outcome = { name: string; circumstances: Circumstances } & (
  { section: Section; failed?: undefined } | { failed: string; section?: undefined }
);

const INTRODUCTION = [
  '# Benchmarks',
  '',
  '`npm run bench` measures all of it and writes this file; `npm run bench -- --only floor,gateway` some chapters; `-- --quick` only tries',
  'whether everything runs. Each benchmark is a process of its own, with its own server, store and workers. Read the ratios: both',
  'sides of one were measured in the same run on the same machine, which everything shares: server, workers, model and measuring.',
];

/** The report as Markdown: what is asked and whether it holds, then a chapter for each benchmark. */
export function reportOf(outcomes: readonly Outcome[]): string {
  return [
    ...INTRODUCTION,
    '',
    ...circumstancesOf(outcomes),
    '',
    '| figure | value | asked | holds |',
    '| --- | --- | --- | --- |',
    ...outcomes.flatMap(rowsOf),
    '',
    ...outcomes.flatMap(chapterOf),
  ].join('\n');
}

/** True where a figure is what is asked of it; undefined where nothing is. */
export function holds({ value, atMost, atLeast }: Figure): boolean | undefined {
  if (atMost === undefined && atLeast === undefined) return undefined;
  return value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
}

/** One line of words: what was measured, and what is asked of it. */
export function figureInWords(figure: Figure): { value: string; asked: string; verdict: string } {
  const { value, atMost, atLeast, unit } = figure;
  const words = (number: number) => `${number.toLocaleString('en', DIGITS)}${unit === undefined ? '' : ` ${unit}`}`;
  const asked =
    atMost !== undefined && atMost === atLeast
      ? `= ${words(atMost)}`
      : [
          ...(atMost === undefined ? [] : [`≤ ${words(atMost)}`]),
          ...(atLeast === undefined ? [] : [`≥ ${words(atLeast)}`]),
        ].join(', ');
  const held = holds(figure);
  return { value: words(value), asked, verdict: held === undefined ? '' : held ? 'yes' : '**NO**' };
}

const DIGITS = { maximumSignificantDigits: 4 } as const;

function rowsOf({ name, section }: Outcome): string[] {
  if (!section) return [`| ${name} | failed | | **NO** |`];
  return section.figures.map((figure) => {
    const { value, asked, verdict } = figureInWords(figure);
    return `| [${section.title}](#${name}): ${figure.name} | ${value} | ${asked} | ${verdict} |`;
  });
}

function chapterOf(outcome: Outcome): string[] {
  const { name, section, circumstances } = outcome;
  const heading = [`<a id="${name}"></a>`, '', `## ${section?.title ?? name}`, ''];
  if (!section) return [...heading, 'It failed:', '', '```', outcome.failed, '```', ''];
  return [
    ...heading,
    section.text.trim(),
    '',
    ...(section.charts ?? []).flatMap(({ file, alt }) => [`![${alt}](charts/${file}.svg)`, '']),
    `_Measured ${when(circumstances)}._`,
    '',
  ];
}

/** The machine, once where it was the same for all. */
function circumstancesOf(outcomes: readonly Outcome[]): string[] {
  const machines = new Set(outcomes.map(({ circumstances }) => machineOf(circumstances)));
  return ['Measured on:', '', ...[...machines].map((machine) => `- ${machine}`)];
}

function machineOf({ cores, cpu, memoryGb, node, temporal }: Circumstances): string {
  return `${cores} cores (${cpu}), ${memoryGb} GB, Node.js ${node}, Temporal CLI ${temporal}`;
}

function when({ at, commit, load, effort }: Circumstances): string {
  const word = effort === 'quick' ? '; a quick try, whose figures say nothing' : '';
  return `${at} at ${commit}; load before it ${load.toFixed(1)}${word}`;
}
