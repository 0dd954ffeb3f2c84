import { DEFAULT_MODEL, type ModelFacts } from '../contract/models.js';
import type { Issue } from '../crew/issues.js';
import type { Known } from '../crew/known.js';
import { modelUses } from '../crew/models.js';
import type { CrewDefinition } from '../crew/types.js';
import { referenceIssues } from '../crew/validate-references.js';
import type { Crew, ModelRegistry } from '../ports.js';
import type { AppDeps } from './env.js';
import { listIssues, Problem } from './errors.js';

/** What definitions are checked against: the operator's things, with the models as the registry has them now. */
export function knownOf({ known, models }: Pick<AppDeps, 'known' | 'models'>): Known {
  return { ...known, models: (name) => models.facts(name) !== undefined, modelNames: models.names() };
}

/**
 * The facts of every model that a run of this crew may ask, the default one among them. Throws `crew_not_runnable` where the
 * crew names anything that is not configured (any more): a stored definition outlives what it was checked against.
 */
export function requireRunnable(deps: Pick<AppDeps, 'known' | 'models'>, crew: Crew): Record<string, ModelFacts> {
  const { facts, missing } = modelFacts(crew.definition, deps.models);
  const issues = [...missing, ...referenceIssues(crew.definition, knownOf(deps))];
  if (issues.length === 0) return facts;
  const detail = `The crew '${crew.ref.name}' names what is not configured here; see errors`;
  throw new Problem('crew_not_runnable', detail, { errors: listIssues(issues) });
}

function modelFacts(definition: CrewDefinition, registry: ModelRegistry) {
  const missing: Issue[] = [];
  const byDefault = registry.facts(undefined);
  if (!byDefault) missing.push({ path: [], message: 'No default model is configured' });
  const named = new Set(modelUses(definition).map(({ name }) => name));
  const known = [...named].flatMap((name): [string, ModelFacts][] => {
    const facts = registry.facts(name);
    return facts ? [[name, facts]] : [];
  });
  return {
    missing,
    facts: Object.fromEntries([...(byDefault ? [[DEFAULT_MODEL, byDefault] as const] : []), ...known]),
  };
}
