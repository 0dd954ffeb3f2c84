import { DEFAULT_MODEL, type ModelFacts } from '../contract/models.js';
import type { Known } from '../crew/known.js';
import { knownNow, runnableModels } from '../crew/validate-models.js';
import type { Crew } from '../ports.js';
import type { AppDeps } from './env.js';
import { listIssues, Problem } from './errors.js';

/** What definitions are checked against: the operator's things, with the models as the registry has them now. */
export function knownOf({ known, models }: Pick<AppDeps, 'known' | 'models'>): Known {
  return knownNow(known, models);
}

/**
 * The facts of every model that a run of this crew may ask, the default one among them. Throws `crew_not_runnable` where the
 * crew names anything that is not configured (any more): a stored definition outlives what it was checked against.
 */
export function requireRunnable(deps: Pick<AppDeps, 'known' | 'models'>, crew: Crew): Record<string, ModelFacts> {
  const { facts, issues } = runnableModels(crew.definition, deps.models, deps.known, DEFAULT_MODEL);
  if (issues.length === 0) return facts;
  const detail = `The crew '${crew.ref.name}' names what is not configured here; see errors`;
  throw new Problem('crew_not_runnable', detail, { errors: listIssues(issues) });
}
