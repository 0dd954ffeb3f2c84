import type {
  ChatModel,
  CollectGarbage,
  CrewCatalog,
  CrewRuns,
  CurrentTrace,
  Conditions,
  JsonSchemas,
  ModelRegistry,
  Outbox,
  OutputChecks,
  PublishOf,
  ReadRunStates,
  Store,
  TokenPublisher,
  ToolRunner,
} from '../ports.js';
import type { Known } from '../crew/known.js';
import { createCheckActivities } from './checks.js';
import { createCollectActivities } from './collect.js';
import { createCoordinationActivities } from './coordination.js';
import { createModelActivities } from './model.js';
import { createPublishActivities } from './publish.js';
import { createStoreActivities } from './store.js';
import { createToolActivities } from './tools.js';
import { createTurnActivities } from './turn.js';

/** What the activities need of the outside. */
export interface ActivityDeps {
  chatModel: ChatModel;
  models: ModelRegistry;
  store: Store;
  tools: ToolRunner;
  checks: OutputChecks;
  conditions: Conditions;
  schemas: JsonSchemas;
  tokens: TokenPublisher;
  collectGarbage: CollectGarbage;
  /** For batches and schedules, which start runs of their own. */
  runs: Pick<CrewRuns, 'start'>;
  readRunStates: ReadRunStates;
  crews: Pick<CrewCatalog, 'find'>;
  known: Known;
  outbox: Outbox;
  currentTrace: CurrentTrace;
  /** What runs of schedules tell the platform. */
  publishOf: PublishOf;
}

/** The activities of a worker: the use cases, which see the outside only through ports. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createModelActivities(deps),
    ...createTurnActivities(deps),
    ...createToolActivities(deps),
    ...createCheckActivities(deps),
    ...createStoreActivities(deps),
    ...createCollectActivities(deps),
    ...createCoordinationActivities(deps),
    ...createPublishActivities(deps),
  };
}

/** The activities as the workflow sees them. */
export type Activities = ReturnType<typeof createActivities>;
