import { distance } from 'fastest-levenshtein';
import { z } from 'zod';

/** One thing that is wrong with a document or a request, for people. */
export interface Issue {
  /** Where: object keys and array indices from the root. */
  path: (string | number)[];
  /** What is wrong and what was expected. */
  message: string;
}

/** Issues that are looked for in one document: who has mended so many is told of the others. */
export const MAX_ISSUES = 100;

/** The issues of all items, one after the other, up to `MAX_ISSUES`: what comes from callers may be wrong in more places than anybody reads. */
export function issuesIn<T>(items: Iterable<T>, issuesOf: (item: T, at: number) => readonly Issue[]): Issue[] {
  const found: Issue[] = [];
  let at = 0;
  for (const item of items) {
    found.push(...issuesOf(item, at++));
    if (found.length >= MAX_ISSUES) return found.slice(0, MAX_ISSUES);
  }
  return found;
}

/** `tasks.research.agent`, or `(root)` for the whole document. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.length === 0 ? '(root)' : path.join('.');
}

/** Longest name that is compared with known ones: what is longer is no slip of the pen, and would take long. */
const MAX_COMPARED = 200;

/** The known name nearest to `name`, where one is near enough to be what was meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_COMPARED) return undefined;
  const near = Math.max(2, Math.floor(name.length / 3));
  const lower = name.toLowerCase();
  let best: { candidate: string; away: number } | undefined;
  for (const candidate of known) {
    // Names are as far from each other as their lengths are, at least.
    if (Math.abs(candidate.length - name.length) > near) continue;
    const away = distance(lower, candidate.toLowerCase());
    if (away <= near && (best === undefined || away < best.away)) best = { candidate, away };
  }
  return best?.candidate;
}

/** `" Did you mean 'role'?"`, else the list of what there is. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return ` Did you mean '${near}'?`;
  return known.length === 0 ? '' : ` Known: ${known.slice(0, 30).join(', ')}.`;
}

/**
 * A strict object schema whose unknown keys are reported one by one with the nearest known key.
 * `later` names keys of CrewAI that have no effect here yet: they are refused by name, never ignored in silence.
 */
export function strict<S extends z.core.$ZodLooseShape>(shape: S, later: readonly string[] = []) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, MAX_ISSUES)
            .map((key) =>
              later.includes(key)
                ? `'${key}' is a key of CrewAI that this version does not run yet; remove it.`
                : `Unknown key '${clip(key)}'.${suggestion(key, known)}`,
            )
            .join('\n')
        : undefined,
  });
}

/** The issues of a failed zod parse, one an unknown key. */
export function issuesOf(error: z.ZodError): Issue[] {
  return issuesIn(error.issues, (issue) => flatten(issue, []));
}

function flatten(issue: z.core.$ZodIssue, above: Issue['path']): Issue[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  if (issue.code === 'invalid_union') {
    const meant = meantBranch(issue.errors);
    if (meant) return issuesIn(meant, (inner) => flatten(inner, path));
  }
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  const messages = issue.message.split('\n');
  return issue.keys
    .slice(0, MAX_ISSUES)
    .map((key, at) => ({ path: [...path, key], message: messages[at] ?? issue.message }));
}

/** Of several shapes that a value may have, the one that it has and breaks within: its issues say more than the union's. */
function meantBranch(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const shaped = branches.filter((issues) => !issues.some(isOfAnotherShape));
  return shaped.length === 1 ? shaped[0] : undefined;
}

function isOfAnotherShape(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isOfAnotherShape));
  return issue.code === 'invalid_type';
}

/** The text, cut where it is too long for a message. */
export function clip(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
