import createFetchClient from 'openapi-fetch';
import type { RunEvent } from '../contract/events.js';
import { follow, type Delta, type FollowItem, type FollowOptions, type Reset } from './events.js';
import { resilientFetch } from './http.js';
import type { operations, paths } from './openapi.js';
import { common, got, type Call } from './call.js';
import { withCredential, type Credential } from './credential.js';
import { identityCalls } from './identity.js';
import { batchCalls, scheduleCalls } from './coordination.js';
import { webhookCalls } from './webhooks.js';
import { readCalls, type One } from './reading.js';
import type { Decision, ForkRequest, MessageRequest, RetryRequest, Run, RunResult, RunRow } from './types.js';

export type { RunEvent, RunEventData, RunEventType } from '../contract/events.js';
export { ServiceError, type Problem } from './errors.js';
export type { Delta, FollowItem, FollowOptions, Reset } from './events.js';
export type { Call } from './call.js';
export type { Credential } from './credential.js';
export type { ApiKey, Caller, CreatedApiKey, CreateKeyRequest } from './identity.js';
export type * from './types.js';
export type {
  CreatedWebhook,
  CreateWebhookRequest,
  PatchWebhookRequest,
  RotatedWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryFilter,
  WebhookDeliveryList,
  WholeWebhookDelivery,
} from './webhooks.js';

/** What a client is made of. */
export interface ClientOptions extends Credential {
  /** Where the service is: `http://127.0.0.1:8000`. In a browser absent: where the page is from. */
  baseUrl?: string;
  /** Sent with every call. */
  headers?: Record<string, string>;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** Further tries of calls that are safe to repeat, where nobody can serve them at the moment. Absent: 3. */
  retries?: number;
}

/** Ends a run: who wants it, and why. */
export interface EndRequest {
  by?: string;
  reason?: string;
}

type Query<O extends keyof operations> = NonNullable<operations[O]['parameters']['query']>;
export type StartRequest = One<operations['startRun']>;
export type LinkRequest = One<operations['createApprovalLink']>;
export type RunFilter = Query<'listRuns'>;
export type InboxFilter = Query<'listApprovals'>;

export type Client = ReturnType<typeof createClient>;

/** A client of the service. All its methods throw `ServiceError`; the signal's reason where one fires. */
export function createClient(options: ClientOptions = {}) {
  const baseUrl = (options.baseUrl ?? '').replace(/\/+$/, '');
  const { headers = {}, retries = 3 } = options;
  const given: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const plainFetch = withCredential(given, options);
  const send = resilientFetch({ fetch: plainFetch, retries });
  const http = createFetchClient<paths>({ baseUrl, headers, fetch: send });

  const runs = {
    /** Starts a run, once. */
    start: (body: StartRequest, more: Call = {}): Promise<RunRow> =>
      got(http.POST('/v1/runs', { body, ...common(more) })),
    get: (runId: string, more: Call = {}): Promise<Run> =>
      got(http.GET('/v1/runs/{runId}', { params: { path: { runId } }, ...common(more) })),
    /** Open ones first, newest first; then those that ended, the last first. */
    list: (query: RunFilter = {}, more: Call = {}) => got(http.GET('/v1/runs', { params: { query }, ...common(more) })),
    /** What the run gave; where it has not ended within `waitSeconds`, its status alone. */
    result: (runId: string, more: Call & { waitSeconds?: number } = {}): Promise<RunResult> => {
      const query = more.waitSeconds === undefined ? {} : { wait: more.waitSeconds };
      return got(http.GET('/v1/runs/{runId}/result', { params: { path: { runId }, query }, ...common(more) }));
    },
    /** Waits until the run has ended, however long it takes, and gives what came of it. */
    wait: async (runId: string, more: Call = {}): Promise<RunResult> => {
      for await (const item of followRun(runId, more.signal ? { signal: more.signal } : {}))
        if (item.type === 'end') break;
      return runs.result(runId, more);
    },
    /** Ends it now: calls in flight are aborted. */
    cancel: (runId: string, body: EndRequest = {}, more: Call = {}) =>
      got(http.POST('/v1/runs/{runId}/cancel', { params: { path: { runId } }, body, ...common(more) })),
    /** Ends it when what runs is finished. */
    stop: (runId: string, body: EndRequest = {}, more: Call = {}) =>
      got(http.POST('/v1/runs/{runId}/stop', { params: { path: { runId } }, body, ...common(more) })),
    /** Ends it hard, whatever it does. */
    delete: async (runId: string, more: Call = {}): Promise<void> => {
      await http.DELETE('/v1/runs/{runId}', { params: { path: { runId } }, ...common(more) });
    },
    /** A new run that takes over every output but that of the task and of those that read it. */
    fork: (runId: string, body: ForkRequest, more: Call = {}): Promise<RunRow> =>
      got(http.POST('/v1/runs/{runId}/fork', { params: { path: { runId } }, body, ...common(more) })),
    /** A fork from the first task that failed. */
    retry: (runId: string, body: RetryRequest = {}, more: Call = {}): Promise<RunRow> =>
      got(http.POST('/v1/runs/{runId}/retry', { params: { path: { runId } }, body, ...common(more) })),
    /** Says something to the crew, for its next model calls. */
    message: (runId: string, body: MessageRequest, more: Call = {}) =>
      got(http.POST('/v1/runs/{runId}/messages', { params: { path: { runId } }, body, ...common(more) })),
  };

  const approvals = {
    /** The open ones of all runs. */
    list: (query: InboxFilter = {}, more: Call = {}) =>
      got(http.GET('/v1/approvals', { params: { query }, ...common(more) })),
    /** Decides one. Decided already: a `ServiceError` `approval_closed`, whose `problem.approval` says by whom. */
    decide: async (runId: string, approvalId: string, body: Decision, more: Call = {}) => {
      const path = { runId, approvalId };
      const decided = got(
        http.POST('/v1/runs/{runId}/approvals/{approvalId}', { params: { path }, body, ...common(more) }),
      );
      // 202 is only for calls that ask for it.
      return (await decided) as Exclude<Awaited<typeof decided>, { status: 'sent' }>;
    },
    /** A one-time link for somebody with no account. */
    link: (runId: string, approvalId: string, body: LinkRequest, more: Call = {}) =>
      got(
        http.POST('/v1/runs/{runId}/approvals/{approvalId}/links', {
          params: { path: { runId, approvalId } },
          body,
          ...common(more),
        }),
      ),
  };

  function followRun(runId: string, more: FollowOptions = {}): AsyncGenerator<FollowItem> {
    const get = (id: string, signal: AbortSignal | undefined) => runs.get(id, signal ? { signal } : {});
    return follow({ fetch: plainFetch, baseUrl, headers, get }, runId, { retries, ...more });
  }

  function events(runId: string, more: FollowOptions & { deltas: true }): AsyncGenerator<RunEvent | Delta | Reset>;
  function events(runId: string, more?: FollowOptions): AsyncGenerator<RunEvent>;
  async function* events(runId: string, more: FollowOptions = {}): AsyncGenerator<RunEvent | Delta | Reset> {
    for await (const item of followRun(runId, more))
      if ('seq' in item || item.type === 'delta' || item.type === 'reset') yield item;
  }

  return {
    baseUrl,
    runs,
    approvals,
    ...readCalls(http, plainFetch, { baseUrl, headers }),
    batches: batchCalls(http),
    schedules: scheduleCalls(http),
    webhooks: webhookCalls(http),
    ...identityCalls(http),
    /** A run's events, each once and in the order of `seq`, to its end: over restarts of the service, and cut connections. */
    events,
    /** The same with what else is to be heard: the run at the beginning, lost connections, how it ended. */
    follow: followRun,
  };
}
