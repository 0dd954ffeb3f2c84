/** What became of a request. `rejected`: the request itself was at fault, or the queue was full. */
export type RequestStatus = 'queued' | 'running' | 'completed' | 'cancelled' | 'failed' | 'rejected';

/** One request, as `GET /stats` shows it. No content of prompts or answers is kept. */
export interface RequestRecord {
  /** ISO 8601. */
  at: string;
  /** The request's `X-Client-Request-Id` header. */
  clientRequestId: string | null;
  status: RequestStatus;
  promptTokens: number;
  completionTokens: number;
  /** From arrival to the end, waiting included. */
  ms: number;
}

const KEPT = 200;
const OPEN = new Set<RequestStatus>(['queued', 'running']);

/** Counts requests since the start, and remembers the last ones. */
export class Stats {
  readonly #startedAt = new Date().toISOString();
  readonly #counts: Record<RequestStatus, number> = {
    queued: 0,
    running: 0,
    completed: 0,
    cancelled: 0,
    failed: 0,
    rejected: 0,
  };
  #received = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  readonly #requests: TrackedRequest[] = [];

  /** Notes that a request came; it counts as queued until told otherwise. */
  received(clientRequestId: string | null): TrackedRequest {
    this.#received += 1;
    this.#counts.queued += 1;
    const request = new TrackedRequest(clientRequestId, (from, to) => {
      this.#counts[from] -= 1;
      this.#counts[to] += 1;
    });
    request.onEnd = () => {
      this.#promptTokens += request.promptTokens;
      this.#completionTokens += request.completionTokens;
    };
    this.#requests.push(request);
    if (this.#requests.length > KEPT) this.#requests.shift();
    return request;
  }

  /** Everything counted so far; the newest request is last. */
  view() {
    return {
      startedAt: this.#startedAt,
      received: this.#received,
      ...this.#counts,
      tokens: { prompt: this.#promptTokens, completion: this.#completionTokens },
      requests: this.#requests.map((request) => request.view()),
    };
  }
}

/** One request on its way. */
export class TrackedRequest {
  promptTokens = 0;
  completionTokens = 0;
  onEnd: () => void = () => {};
  readonly #clientRequestId: string | null;
  readonly #onChange: (from: RequestStatus, to: RequestStatus) => void;
  readonly #arrived = new Date();
  #status: RequestStatus = 'queued';
  #ms: number | undefined;

  constructor(clientRequestId: string | null, onChange: (from: RequestStatus, to: RequestStatus) => void) {
    this.#clientRequestId = clientRequestId;
    this.#onChange = onChange;
  }

  /** Moves on; a request that has ended stays as it ended. */
  become(status: RequestStatus): void {
    if (!OPEN.has(this.#status) || status === this.#status) return;
    this.#onChange(this.#status, status);
    this.#status = status;
    if (OPEN.has(status)) return;
    this.#ms = Date.now() - this.#arrived.getTime();
    this.onEnd();
  }

  view(): RequestRecord {
    return {
      at: this.#arrived.toISOString(),
      clientRequestId: this.#clientRequestId,
      status: this.#status,
      promptTokens: this.promptTokens,
      completionTokens: this.completionTokens,
      ms: this.#ms ?? Date.now() - this.#arrived.getTime(),
    };
  }
}
