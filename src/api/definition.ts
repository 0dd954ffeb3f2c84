import type { CrewDefinition } from '../crew/types.js';
import { parseCrew } from '../crew/validate.js';
import type { PlaceOf } from '../ports.js';
import type { AppDeps } from './env.js';
import { listIssues, Problem, type ErrorLine } from './errors.js';
import { knownOf } from './runnable.js';

/** A definition that a caller sent, or what is wrong with it. */
export type ReadDefinition = { ok: true; definition: CrewDefinition } | { ok: false; errors: ErrorLine[] };

/**
 * Reads a definition from a body: as JSON, or as YAML text under `yaml`; errors of the latter say line and column. Throws
 * `invalid_request` where the body is neither.
 */
export function readDefinition(
  body: Record<string, unknown>,
  deps: Pick<AppDeps, 'known' | 'models' | 'readYaml'>,
): ReadDefinition {
  if (!Object.hasOwn(body, 'yaml')) return parse(body, deps);
  const { yaml, ...others } = body;
  if (typeof yaml !== 'string' || Object.keys(others).length > 0) {
    const message = 'Expected a definition as YAML text, and no other key beside it';
    throw new Problem('invalid_request', 'The body is not valid; see errors', { errors: [{ path: 'yaml', message }] });
  }
  const read = deps.readYaml(yaml);
  if (read.ok) return parse(read.document, deps, read.placeOf);
  return { ok: false, errors: read.issues.slice(0, 50).map((issue) => ({ path: '(root)', ...issue })) };
}

function parse(document: unknown, deps: Pick<AppDeps, 'known' | 'models'>, placeOf?: PlaceOf): ReadDefinition {
  const parsed = parseCrew(document, knownOf(deps));
  if (parsed.ok) return parsed;
  const lines = listIssues(parsed.issues);
  return {
    ok: false,
    errors: placeOf ? lines.map((line, at) => ({ ...line, ...placeOf(parsed.issues[at]?.path ?? []) })) : lines,
  };
}
