import { ApplicationFailure } from '@temporalio/common';
import type { Coordinator, PreparedRun, RunState, ScheduledInput } from '../contract/coordination.js';
import { FailureType } from '../contract/failures.js';
import { DEFAULT_MODEL } from '../contract/models.js';
import { RunsError } from '../contract/runs-error.js';
import type { BlobRef } from '../contract/wire.js';
import { checkInputs } from '../crew/inputs.js';
import { formatPath, type Issue } from '../crew/issues.js';
import type { Known } from '../crew/known.js';
import { splitCrewRef } from '../crew/ref.js';
import { runnableModels } from '../crew/validate-models.js';
import type { BatchPlan, CrewCatalog, CrewRuns, ModelRegistry, PublishOf, ReadRunStates, Store } from '../ports.js';
import { here } from './here.js';
import { missing, stored } from './texts.js';

/** An item of a batch that is to be started. */
interface BatchStart {
  plan: BlobRef;
  index: number;
  runId: string;
  coordinator: Coordinator;
}

interface Deps {
  store: Store;
  runs: Pick<CrewRuns, 'start'>;
  readRunStates: ReadRunStates;
  crews: Pick<CrewCatalog, 'find'>;
  models: ModelRegistry;
  known: Known;
  publishOf: PublishOf;
}

/** The activities of workflows that coordinate runs. Repeating one does no harm. */
export function createCoordinationActivities(deps: Deps) {
  const { store, runs, readRunStates, crews } = deps;
  return {
    /** Starts the run of an item. @throws ApplicationFailure `Run.CannotStart`, `Store.*` */
    async startBatchRun({ plan, index, runId, coordinator }: BatchStart): Promise<void> {
      const { tenant } = here();
      const text = await stored(() => store.getText(tenant, plan.ref));
      if (text === undefined) throw missing();
      const { crew, models, items, caller, webhooks } = JSON.parse(text) as BatchPlan;
      const item = items[index];
      if (!item) throw cannotStart(`The batch has no item ${index}`);
      const run = { ...(caller !== undefined && { caller }), ...(webhooks && { webhooks }) };
      await runs.start({ tenant, runId, crew, models, coordinator, ...item, ...run }).catch((error: unknown) => {
        if (error instanceof RunsError && error.reason === 'run_too_large') throw cannotStart(error.message);
        throw error;
      });
    },

    /** Finds the crew that a schedule names, as it is now. @throws ApplicationFailure `Run.CannotStart`, `Store.*` */
    async prepareScheduledRun(scheduled: ScheduledInput & { runId: string }): Promise<PreparedRun> {
      const { crew: ref, inputs, label, runId, webhooks } = scheduled;
      const { name, version } = splitCrewRef(ref);
      const crew = await stored(() => crews.find(here().tenant, name, version));
      if (!crew) throw cannotStart(`There is no crew '${ref}' any more`);
      const checked = checkInputs(crew.definition, inputs);
      if (!checked.ok) throw cannotStart(`The inputs do not fit the crew '${ref}': ${describe(checked.issues)}`);
      const { facts, issues } = runnableModels(crew.definition, deps.models, deps.known, DEFAULT_MODEL);
      if (issues.length > 0) {
        throw cannotStart(`The crew '${ref}' names what is not configured here: ${describe(issues)}`);
      }
      const { definition } = crew;
      const publish = await stored(() => deps.publishOf(here().tenant, webhooks === undefined ? {} : { webhooks }));
      return {
        input: {
          runId,
          crew: crew.ref,
          definition,
          inputs: checked.inputs,
          models: facts,
          ...(publish && { publish }),
        },
        ...(label !== undefined && { label }),
      };
    },

    /** What runs stand at. */
    runStates: (runIds: string[]): Promise<Record<string, RunState>> => readRunStates(here().tenant, runIds),
  };
}

function cannotStart(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: FailureType.cannotStart, message, nonRetryable: true });
}

function describe(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => `${formatPath(path)}: ${message}`).join('; ');
}
