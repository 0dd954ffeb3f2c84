/** Traces and measures requests of the gateway. */
export interface RequestTelemetry {
  /**
   * Answers a request inside its span, a child of the caller's `traceparent`. A request that changed something is answered after
   * its span was handed over.
   */
  watch(request: WatchedRequest, answer: () => Promise<AnsweredRequest>): Promise<void>;
}

/** What of a request is looked at before it is answered. */
export interface WatchedRequest {
  method: string;
  path: string;
  /** A header by its name, in lower case. */
  header(name: string): string | undefined;
}

/** How it was answered. `route`: the pattern; absent where none matched. */
export interface AnsweredRequest {
  status: number;
  route?: string;
}

/** Everything that is measured, as Prometheus reads it. */
export type ScrapeMetrics = () => Promise<string>;
