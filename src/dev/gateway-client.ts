import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InputValue, RunView } from '../contract/views.js';

/** A run as the gateway answers it. */
export type Run = RunView & {
  links: RunLinks;
  /** Calls that failed and will be made again. */
  retrying?: { activityId: string; attempts: number; lastFailure: { message: string } }[];
};

export interface RunLinks {
  /** Of the run over HTTP. May be relative to the gateway. */
  self: string;
  temporalUi?: string;
}

/** The gateway refused; the message is its own. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
}

const RETRY_MS = 250;
const REQUEST_TIMEOUT_MS = 15_000;
const CLOSED = ['completed', 'failed', 'cancelled', 'stopped', 'timed_out', 'terminated'];

/** Whether nothing more will happen to a run. */
export function isClosed(run: Pick<RunView, 'status'>): boolean {
  return CLOSED.includes(run.status);
}

/** A client of the gateway that does not mind when something behind it is being started again. */
export class GatewayClient {
  readonly baseUrl: string;
  readonly #headers: Record<string, string>;

  /** `apiKey`: where the gateway authenticates callers. */
  constructor(baseUrl: string, apiKey?: string) {
    this.baseUrl = baseUrl;
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  /** Resolves when the gateway reaches Temporal and a worker polls. Rejects only when `signal` aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    while ((await this.#request('/readyz', { signal }))?.status !== 200) await sleep(RETRY_MS, undefined, { signal });
  }

  /**
   * Starts a run, once, however often it has to ask.
   * @throws GatewayRefusal
   */
  async start(
    crew: string,
    inputs: Record<string, InputValue>,
    signal: AbortSignal,
  ): Promise<{ runId: string; links: RunLinks }> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ crew, inputs }),
      signal,
    };
    for (;;) {
      const response = await this.#request('/v1/runs', request);
      if (response?.ok) return (await response.json()) as { runId: string; links: RunLinks };
      if (response && !isPassing(response.status)) throw await refusal(response);
      await sleep(RETRY_MS, undefined, { signal });
    }
  }

  /**
   * The run as it is now; undefined where nobody can tell at the moment.
   * @throws GatewayRefusal
   */
  async get(runId: string, signal: AbortSignal): Promise<Run | undefined> {
    const response = await this.#request(`/v1/runs/${runId}`, { signal });
    if (response?.ok) return (await response.json()) as Run;
    if (response && !isPassing(response.status)) throw await refusal(response);
    return undefined;
  }

  /** How many runs have this status; at most a page of them is counted. Undefined where it cannot be told. */
  async count(status: RunView['status'], signal: AbortSignal): Promise<{ runs: number; more: boolean } | undefined> {
    const response = await this.#request(`/v1/runs?status=${status}`, { signal });
    if (!response?.ok) return undefined;
    const page = (await response.json()) as { runs: unknown[]; nextCursor?: string };
    return { runs: page.runs.length, more: page.nextCursor !== undefined };
  }

  /** Undefined where there was no answer. */
  async #request(path: string, init: RequestInit & { signal: AbortSignal }): Promise<Response | undefined> {
    try {
      const signal = AbortSignal.any([init.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
      const headers = { ...init.headers, ...this.#headers };
      const response = await fetch(new URL(path, this.baseUrl), { ...init, headers, signal });
      // Read here, so that a connection that breaks in the middle is no answer too.
      return new Response(await response.text(), { status: response.status });
    } catch {
      init.signal.throwIfAborted();
      return undefined;
    }
  }
}

function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** The gateway's error bodies are problem details (RFC 9457). */
async function refusal(response: Response): Promise<GatewayRefusal> {
  const text = await response.text();
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return new GatewayRefusal(detail ?? title ?? `The gateway answered ${response.status}.`);
  } catch {
    return new GatewayRefusal(`The gateway answered ${response.status}.`);
  }
}
