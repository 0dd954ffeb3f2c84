import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import { isToolCallError } from '../contract/tool-error.js';
import type { JsonSchema, StoredKit, ToolPolicy, TurnKit, TurnRequest } from '../contract/wire.js';
import { toolUseOf } from '../crew/approval.js';
import { delegationTools } from '../crew/delegation.js';
import type { DescribedTool, OutputChecks, Store, ToolRunner } from '../ports.js';
import { withHeartbeat } from './heartbeat.js';
import { here } from './here.js';
import { stored } from './texts.js';
import { toolFailure } from './tool-failure.js';

interface Deps {
  tools: ToolRunner;
  checks: OutputChecks;
  store: Store;
}

/** The activity that gets an agent's tools ready. */
export function createTurnActivities({ tools, checks, store }: Deps) {
  return {
    /**
     * Looks up the tools and the schema of a turn, and keeps what models are told of them in the store, so that a turn
     * is not changed by what changes at the operator's meanwhile, and its history does not repeat it.
     * @throws ApplicationFailure `Task.NotConfigured`, `Tool.Unavailable`
     */
    async prepareTurn({ tools: uses, coworkers, schema }: TurnRequest): Promise<TurnKit> {
      const { tenant, signal } = here();
      const described = await withHeartbeat(() => describe(tools, uses, signal));
      const delegation = coworkers.length > 0 ? delegationTools(coworkers) : [];
      const kit: StoredKit = {
        tools: [
          ...described.map(({ name, description, parameters }) => ({ name, description, parameters })),
          ...delegation,
        ],
        ...(schema !== undefined && { schema: schemaOf(checks, schema) }),
      };
      const { ref } = await stored(() => store.putText(tenant, JSON.stringify(kit)));
      return { kit: ref, tools: described.map((tool) => policyOf(tool, uses)) };
    },
  };
}

async function describe(tools: ToolRunner, uses: TurnRequest['tools'], signal: AbortSignal): Promise<DescribedTool[]> {
  if (uses.length === 0) return [];
  try {
    return await tools.describe(
      uses.map(({ name }) => name),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw isToolCallError(error) && error.reason === 'not_found' ? notConfigured(error.message) : toolFailure(error);
  }
}

/** Longest schema of a tool's arguments that goes with each question about it, in characters. */
const MAX_SCHEMA_CHARS = 8_000;

/** How the workflow treats a tool: as its author has it, unless the definition says otherwise. */
function policyOf(
  { name, timeoutMs, idempotent, cacheable, resultAsAnswer, needsApproval, parameters }: DescribedTool,
  uses: TurnRequest['tools'],
): ToolPolicy {
  const use = toolUseOf(uses, name);
  // The definition can ask for a person where the author does not, and not the other way round.
  const asks = use?.approval === true || needsApproval === true;
  return {
    name,
    timeoutMs,
    idempotent,
    cacheable: cacheable && use?.cache !== false,
    resultAsAnswer: use?.resultAsAnswer ?? resultAsAnswer,
    ...(needsApproval && { needsApproval }),
    ...(asks && JSON.stringify(parameters).length <= MAX_SCHEMA_CHARS && { argumentsSchema: parameters }),
  };
}

function schemaOf(checks: OutputChecks, schema: JsonSchema | string): JsonSchema {
  if (typeof schema !== 'string') return schema;
  const known = checks.schema(schema);
  if (!known) throw notConfigured(`There is no schema '${schema}' among the operator's extensions`);
  return known;
}

function notConfigured(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: FailureType.notConfigured, message, nonRetryable: true });
}
