import type { Issue } from './issues.js';
import type { Known } from './known.js';
import { modelUses } from './models.js';
import type { CrewDefinition } from './types.js';
import { referenceIssues } from './validate-references.js';

/** A registry of models, as far as a start needs it. */
interface Registry<Facts> {
  facts(name: string | undefined): Facts | undefined;
  names(): string[];
}

/** What definitions are checked against: the operator's things, with the models as the registry has them now. */
export function knownNow(known: Known, models: Registry<unknown>): Known {
  return { ...known, models: (name) => models.facts(name) !== undefined, modelNames: models.names() };
}

/**
 * The facts of every model that a run of this crew may ask, the default one under `byDefault`; and all that the crew names and
 * that is not configured (any more): a stored definition outlives what it was checked against.
 */
export function runnableModels<Facts>(
  definition: CrewDefinition,
  models: Registry<Facts>,
  known: Known,
  byDefault: string,
): { facts: Record<string, Facts>; issues: Issue[] } {
  const missing: Issue[] = [];
  const facts = new Map<string, Facts>();
  const first = models.facts(undefined);
  if (first) facts.set(byDefault, first);
  else missing.push({ path: [], message: 'No default model is configured' });
  for (const { name } of modelUses(definition)) {
    const found = models.facts(name);
    if (found) facts.set(name, found);
  }
  const issues = [...missing, ...referenceIssues(definition, knownNow(known, models))];
  return { facts: Object.fromEntries(facts), issues };
}
