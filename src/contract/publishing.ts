import type { RunEvent } from './events.js';

/** The names of sinks: where run events go outside. */
export type SinkName = 'kafka' | 'webhooks';

/** What a run tells the platform, as it was configured when the run was started: it stays with the run. */
export interface RunPublish {
  /** At least one. */
  sinks: SinkName[];
  /** Ids of the webhook endpoints that the start of the run named. */
  webhooks?: string[];
  /** W3C trace context that the run was started in. */
  traceparent?: string;
  tracestate?: string;
}

/** What the workflow asks of `publishEvents`. `events`: the next ones of the run, in `seq` order. */
export interface PublishRequest {
  publish: RunPublish;
  events: RunEvent[];
}
