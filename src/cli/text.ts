import { stripVTControlCharacters } from 'node:util';
import type { Run, Usage } from '../client/index.js';

/** Text of a model or a person: line breaks and tabs stay, anything else that could drive the terminal goes. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\n\t])\p{Cc}/gu, ' ');
}

/** One line of at most this many characters. */
export function oneLine(text: string, width: number): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], bold: (text: string) => string) {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd();
  return [bold(line(head)), ...rows.map(line)].join('\n');
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long a run, or a task, took or has taken. */
export function timeOf({ startedAt, endedAt }: { startedAt?: string; endedAt?: string }): string {
  if (startedAt === undefined) return '';
  return duration((endedAt === undefined ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt));
}

/** `2026-11-24 17:30`, in local time. */
export function when(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `2 calls · 742 tokens · $0.0012`. */
export function costOf({ calls, inputTokens, outputTokens, usd }: Usage): string {
  const tokens = (inputTokens + outputTokens).toLocaleString('en');
  const parts = [`${calls} ${calls === 1 ? 'call' : 'calls'}`, `${tokens} tokens`];
  return [...parts, ...(usd > 0 ? [`$${usd < 0.01 ? usd.toFixed(4) : usd.toFixed(2)}`] : [])].join(' · ');
}

/** `research-summary@1`. */
export function crewOf({ crew }: Pick<Run, 'crew'>): string {
  return `${crew.name}@${crew.version}`;
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
