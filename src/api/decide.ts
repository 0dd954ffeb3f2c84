import type { DecisionInput } from '../contract/wire.js';
import type { ApprovalView } from '../contract/views.js';
import { INLINE_CHARS } from '../contract/wire.js';
import { fitDecision } from '../contract/fit-decision.js';
import type { AppDeps } from './env.js';
import { Problem } from './errors.js';
import { underKey } from './under-key.js';

/**
 * Decides an approval and gives it as decided. What the decision carries is checked against the approval's schemas first, and
 * kept in the store where it is long. `key`: the same one never decides twice.
 * Throws `invalid_decision`, `outcome_unknown` with the key to send again, and what `CrewRuns.decide` throws.
 */
export async function decide(
  deps: Pick<AppDeps, 'runs' | 'store' | 'decisionSchemas'>,
  tenant: string,
  runId: string,
  decision: DecisionInput,
  key: string,
): Promise<ApprovalView> {
  return underKey(runId, key, async () => {
    const checked = await checkedDecision(deps, tenant, runId, decision);
    // The key names the decision of this approval alone, so that a client may use one key for several calls.
    return deps.runs.decide(tenant, runId, checked, `${decision.approvalId}/${key}`);
  });
}

/** The same without what is undefined, as the contract's types have it. */
export function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

async function checkedDecision(
  { runs, store, decisionSchemas }: Pick<AppDeps, 'runs' | 'store' | 'decisionSchemas'>,
  tenant: string,
  runId: string,
  decision: DecisionInput,
): Promise<DecisionInput> {
  if (decision.action !== 'edit' && decision.answer === undefined) return decision;
  const { view } = await runs.get(tenant, runId);
  const approval = view.approvals.find(({ id }) => id === decision.approvalId);
  // The run itself says what is wrong with an approval that is not there, or is closed.
  if (approval?.status !== 'open') return { ...decision, checked: true };
  const { decision: fitted, problems } = fitDecision(decisionSchemas, approval, decision);
  if (problems.length > 0) {
    throw new Problem('invalid_decision', 'The decision does not fit what the approval asks for; see errors', {
      errors: problems.slice(0, 50).map(({ field, message }) => ({ path: field, message })),
    });
  }
  const { output, ...rest } = fitted;
  if (output === undefined || output.length <= INLINE_CHARS) return { ...fitted, checked: true };
  return { ...rest, outputRef: await store.putText(tenant, output), checked: true };
}
