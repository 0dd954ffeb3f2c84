import { nearest } from './issues.js';
import { NAME_PATTERN } from './schema.js';

/** Longest name that our NAME_PATTERN takes. */
const MAX_NAME_CHARS = 64;

/** A text as a name that NAME_PATTERN takes; `fallback` where nothing of it is left, as of a name in another script. */
export function slug(text: string, fallback: string): string {
  const trimmed = text.trim();
  if (NAME_PATTERN.test(trimmed)) return trimmed;
  const plain = trimmed
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/_{2,}/g, '_')
    .replace(/^[_-]+|[_-]+$/g, '');
  if (plain === '') return fallback;
  const led = /^[A-Za-z]/.test(plain) ? plain : `${fallback.replace(/_?\d*$/, '')}_${plain}`;
  return led.slice(0, MAX_NAME_CHARS).replace(/[_-]+$/, '');
}

/** The name, or the first of `name_2`, `name_3` … that is not taken. */
export function unique(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count++) {
    const ending = `_${count}`;
    const next = `${name.slice(0, MAX_NAME_CHARS - ending.length)}${ending}`;
    if (!taken.has(next)) return next;
  }
}

/** A key as words: `lead_market_analyst` is `Lead market analyst`. */
export function words(key: string): string {
  const spaced = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[\s_-]+/g, ' ')
    .trim();
  return spaced === '' ? key : spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** A text without case, spaces and punctuation, for comparing names as people write them. */
export function loose(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Something that others name: by its key here, its key as written, its role, its function in Python. */
export interface Named {
  id: string;
  names: readonly string[];
}

/** `guess`: the name is only like it. */
export interface Found {
  id: string;
  guess: boolean;
}

const IDLE_ENDINGS = /(agent|task|worker|crew)s?$/;

/** Which of `all` a name means: as written, else without regard to case and spaces, else the nearest. */
export function findNamed(text: string, all: readonly Named[]): Found | undefined {
  const bare = text
    .trim()
    .replace(/^self\./, '')
    .replace(/\(\s*\)$/, '');
  const by = (same: (name: string) => boolean) => all.find(({ id, names }) => same(id) || names.some(same))?.id;
  const wanted = loose(bare);
  if (wanted === '') return undefined;
  const exact = by((name) => name === bare) ?? by((name) => loose(name) === wanted);
  if (exact !== undefined) return { id: exact, guess: false };
  const core = wanted.replace(IDLE_ENDINGS, '');
  const alike = core === '' ? undefined : by((name) => loose(name).replace(IDLE_ENDINGS, '') === core);
  if (alike !== undefined) return { id: alike, guess: true };
  const byLoose = new Map(all.flatMap(({ id, names }) => [id, ...names].map((name) => [loose(name), id] as const)));
  const near = wanted.length < 4 ? undefined : byLoose.get(nearest(wanted, [...byLoose.keys()]) ?? '');
  return near === undefined ? undefined : { id: near, guess: true };
}

/** Shortest beginning of a word that counts as the same word: `research` and `researcher`. */
const SAME_START = 4;

/** Which of `all` has most words in common with a text, if any has. */
export function mostAlike(text: string, all: readonly Named[]): string | undefined {
  const wanted = tokens(text);
  let best: { id: string; score: number } | undefined;
  for (const { id, names } of all) {
    const score = Math.max(...[id, ...names].map((name) => common(wanted, tokens(name))));
    if (score > (best?.score ?? 0)) best = { id, score };
  }
  return best?.id;
}

function tokens(text: string): string[] {
  return words(text)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token.length >= SAME_START && !/^(agent|task|senior|expert|specialist)s?$/.test(token));
}

function common(wanted: readonly string[], found: readonly string[]): number {
  return wanted.filter((one) => found.some((other) => one.slice(0, SAME_START) === other.slice(0, SAME_START))).length;
}
