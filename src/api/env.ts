import type { DecisionSchemas } from '../contract/fit-decision.js';
import type { Known } from '../crew/known.js';
import type {
  ApprovalLinks,
  Caller,
  CrewBatches,
  CrewCatalog,
  CrewRuns,
  CrewSchedules,
  CrewThreads,
  Identity,
  Logger,
  ModelRegistry,
  RateLimits,
  PayloadSealing,
  ReadYaml,
  RunLimits,
  RequestTelemetry,
  RunWatch,
  ScrapeMetrics,
  Store,
  TokenSource,
  Webhooks,
} from '../ports.js';

/** What a request carries through its handlers. */
export interface AppEnv {
  Variables: {
    requestId: string;
    /** The run that the request is about, where its address does not say. */
    runId?: string;
    /** Who calls: not known of routes that are open. */
    caller?: Caller;
  };
}

/** What the gateway is made of. */
export interface AppDeps {
  runs: CrewRuns;
  batches: CrewBatches;
  schedules: CrewSchedules;
  threads: CrewThreads;
  crews: CrewCatalog;
  /** Where outputs lie that are too long for a run's view. */
  store: Store;
  models: ModelRegistry;
  /** What definitions are checked against, beside the models: these are asked of `models`. */
  known: Known;
  /** What edited outputs and answers are checked with. */
  decisionSchemas: DecisionSchemas;
  /** Finds out who calls. Absent: callers are not authenticated. */
  identity?: Identity;
  /** Absent: there are no limits. */
  rates?: RateLimits;
  runLimits?: RunLimits;
  /** Signs one-time links; absent: there are none. */
  links?: ApprovalLinks;
  /** Follows runs for streams. */
  watch: RunWatch;
  /** Where answers are heard while they are written. */
  tokens: TokenSource;
  /** Opens payloads for Temporal's UI and CLI; absent: nothing is encrypted, or nobody may have it. */
  sealing?: PayloadSealing;
  /** Endpoints that hear of runs, and what is delivered to them. */
  webhooks: Webhooks;
  readYaml: ReadYaml;
  logger: Logger;
  /** Traces and measures requests; absent: nobody does. */
  requests?: RequestTelemetry;
  /** Absent: nothing is measured. */
  scrapeMetrics?: ScrapeMetrics;
  settings: AppSettings;
  /** Fires when the process shall stop: waiting calls answer at once where to look, and `/readyz` says no. */
  draining: AbortSignal;
}

/** What the operator decided. */
export interface AppSettings {
  /** The service's version, for the OpenAPI document. */
  version: string;
  defaultCrew: string;
  /** How long `/agents/execute` waits when the call does not say, and the most that it may ask for. */
  executeWaitMs: number;
  maxWaitMs: number;
  /** Longest silence of a stream; and the longest that its reader may take nothing. */
  heartbeatMs: number;
  stalledMs: number;
  /** Limits of callers that have none of their own; 0: none. */
  rateLimitPerMinute: number;
  maxOpenRuns: number;
  /** Names beside loopback's that requests may carry in Host and Origin. */
  allowedHosts: readonly string[];
  /** Web pages of other origins that may call. */
  corsOrigins: readonly string[];
  /** Base of links; absent: the request's own. */
  publicUrl?: string;
  /** Base of links into the Temporal UI, and the namespace they lead to. */
  temporalUi?: string;
  namespace: string;
  /** Origins of Temporal UIs whose pages may have payloads decoded. */
  codecOrigins?: readonly string[];
}
