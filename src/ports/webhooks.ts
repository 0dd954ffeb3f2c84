/** What an endpoint is registered with. */
export interface WebhookSpec {
  url: string;
  description?: string;
  /** `*`, groups such as `run.*`, types. */
  events: string[];
  /** True: every run of the tenant. False: only runs whose start names it. */
  global: boolean;
  enabled: boolean;
}

/** What of an endpoint is to be otherwise; `description` null: without one. */
export type WebhookChanges = Partial<Omit<WebhookSpec, 'description'>> & { description?: string | null };

/** An endpoint that run events are delivered to. Its secret is shown when it is made, and nowhere else. */
export interface WebhookEndpoint extends WebhookSpec {
  id: string;
  /** Why the service switched it off; absent where a person did, or it is on. */
  disabledReason?: string;
  /** ISO 8601: nothing has succeeded since, though it was tried. */
  failingSince?: string;
  /** ISO 8601: until then older secrets sign too. */
  oldSecretUntil?: string;
  createdAt: string;
  updatedAt: string;
}

/** One try of a delivery. */
export interface WebhookAttempt {
  /** ISO 8601. */
  at: string;
  durationMs: number;
  /** The status code of the answer; absent where there was none. */
  status?: number;
  /** The beginning of the answer. */
  answer?: string;
  /** Why there was no answer, in words. */
  error?: string;
}

/** `pending`: it will be tried (again). `failed`: the whole schedule was used up. */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** An event on its way to one endpoint. */
export interface WebhookDelivery {
  /** The header `webhook-id`: the same at each try, and when it is replayed. */
  id: string;
  webhookId: string;
  eventId: string;
  eventType: string;
  /** Absent: a ping. */
  runId?: string;
  status: DeliveryStatus;
  /** The last 50, the oldest first. */
  attempts: WebhookAttempt[];
  /** ISO 8601; only of pending ones. */
  nextTryAt?: string;
  createdAt: string;
}

/** Which deliveries of an endpoint to list. */
export interface DeliveryFilter {
  status?: DeliveryStatus;
  runId?: string;
  limit: number;
  cursor?: string;
}

/**
 * The endpoints of webhooks and what is delivered to them. Every method rejects with a `StoreError` and nothing else, and answers
 * undefined (false) where this tenant has no such endpoint or delivery.
 */
export interface Webhooks {
  /** Why this address cannot be an endpoint, in words; undefined: it can. Names are looked up when they are called. */
  urlProblem(url: string): string | undefined;
  /** `created` false: there is one with this id, which `requestDigest` was given with. */
  create(
    tenant: string,
    id: string,
    spec: WebhookSpec,
    requestDigest: string,
  ): Promise<{ created: boolean; endpoint: WebhookEndpoint; secret: string; requestDigest: string }>;
  /** The oldest first. */
  list(tenant: string): Promise<WebhookEndpoint[]>;
  get(tenant: string, id: string): Promise<WebhookEndpoint | undefined>;
  /** Switching it on (again) forgets why it was off. */
  update(tenant: string, id: string, changes: WebhookChanges): Promise<WebhookEndpoint | undefined>;
  /** With its deliveries. */
  remove(tenant: string, id: string): Promise<boolean>;
  /** A new secret; those before sign too for `overlapMs`. */
  rotate(
    tenant: string,
    id: string,
    overlapMs: number,
  ): Promise<{ secret: string; oldSecretUntil: string } | undefined>;
  /** Sends an event of type `webhook.ping` that is no run's. */
  ping(tenant: string, id: string): Promise<WebhookDelivery | undefined>;
  /** Newest first. */
  deliveries(
    tenant: string,
    id: string,
    filter: DeliveryFilter,
  ): Promise<{ deliveries: WebhookDelivery[]; nextCursor?: string }>;
  delivery(tenant: string, id: string, deliveryId: string): Promise<(WebhookDelivery & { body: string }) | undefined>;
  /** Delivers once more, from the beginning of the schedule, whatever became of it. */
  replay(tenant: string, id: string, deliveryId: string): Promise<WebhookDelivery | undefined>;
  /** The same with all that failed and whose event came at or after this time (ISO 8601). Gives how many. */
  replayFailed(tenant: string, id: string, since: string): Promise<number>;
  /** Which of these ids are no endpoints of this tenant. */
  unknown(tenant: string, ids: readonly string[]): Promise<string[]>;
  /** Whether an enabled endpoint hears of every run: true for all starts after whoever made or enabled one was answered. */
  hasGlobal(tenant: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Delivers what waits; any number of them may be at work on one store. */
export interface WebhookDispatcher {
  /** Works until the signal fires, and then ends: a try in flight is aborted, and made again when its lease is over. */
  run(stop: AbortSignal): Promise<void>;
}
