import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isStoreError } from '../../contract/store-error.js';
import type { Logger, WebhookDispatcher } from '../../ports.js';
import type { AtRest } from './at-rest.js';
import type { Claimed, DeliveryTable } from './deliveries.js';
import type { EndpointTable } from './endpoints.js';
import { post, type PostSettings } from './post.js';
import { attemptsOf, secretsOf, urlOf, type EndpointRow } from './rows.js';
import { nextDelay, RETRY_SCHEDULE_MS } from './schedule.js';
import { signatures } from './secrets.js';

const GONE = 410;
const MAX_ATTEMPTS_KEPT = 50;
const PRUNE_EVERY_MS = 3_600_000;

/** How a dispatcher works. Times in ms. */
export interface DispatcherSettings extends PostSettings {
  /** Waits before each try. */
  scheduleMs?: readonly number[];
  /** How often the store is asked for what is due. */
  pollMs?: number;
  /** How long a try is this dispatcher's own; longer than a try may take. */
  leaseMs?: number;
  /** Tries at one endpoint at the same time; at one that is failing there is 1. */
  perEndpoint?: number;
  /** Tries at all endpoints at the same time. */
  atOnce?: number;
  /** An endpoint is switched off where a delivery has failed for good and nothing has succeeded for so long. */
  disableAfterMs: number;
  /** How long the log is kept. */
  retentionMs: number;
}

/** Delivers what waits in the store. Several may be at work: each try is held by a lease, and done again where its holder is gone. */
export function createDispatcher(
  { endpoints, deliveries, rest }: { endpoints: EndpointTable; deliveries: DeliveryTable; rest: AtRest },
  settings: DispatcherSettings,
  logger: Logger,
): WebhookDispatcher {
  const { scheduleMs = RETRY_SCHEDULE_MS, pollMs = 500, perEndpoint = 4, atOnce = 200 } = settings;
  const leaseMs = settings.leaseMs ?? settings.timeoutMs + 30_000;
  const busy = new Map<string, number>();
  const inHand = new Set<Promise<void>>();
  let away = false;
  let prunedAt = 0;

  async function round(stop: AbortSignal): Promise<void> {
    for (const endpoint of await deliveries.dueEndpoints()) {
      const key = JSON.stringify([endpoint.tenant, endpoint.id]);
      const allowed = endpoint.failing_since ? 1 : perEndpoint;
      const free = Math.min(allowed - (busy.get(key) ?? 0), atOnce - inHand.size);
      if (free <= 0 || stop.aborted) continue;
      for (const claimed of await deliveries.claim(endpoint, free, randomUUID(), leaseMs)) {
        busy.set(key, (busy.get(key) ?? 0) + 1);
        const work = oneTry(endpoint, claimed, stop)
          .catch((error: unknown) => {
            // Its lease runs out, and it is tried again.
            if (!stop.aborted) logger.warn({ err: error, delivery: claimed.id }, 'a webhook delivery was not written');
          })
          .finally(() => {
            const left = (busy.get(key) ?? 1) - 1;
            if (left > 0) busy.set(key, left);
            else busy.delete(key);
            inHand.delete(work);
          });
        inHand.add(work);
      }
    }
  }

  async function oneTry(endpoint: EndpointRow, claimed: Claimed, stop: AbortSignal): Promise<void> {
    const at = new Date();
    // Opened here: what cannot be, for its key is missing, holds nothing else up.
    const body = rest.open(claimed.tenant, 'body', claimed.id, claimed.body);
    const before = attemptsOf(rest, claimed);
    const { attempt, retryAfterMs } = await post(
      urlOf(rest, endpoint),
      {
        headers: {
          'content-type': 'application/json',
          'webhook-id': claimed.id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': signatures(secretsOf(rest, endpoint), { id: claimed.id, at, body }),
        },
        body,
      },
      settings,
      stop,
    );
    const tries = claimed.tries + 1;
    const attempts = [...before, attempt].slice(-MAX_ATTEMPTS_KEPT);
    if (attempt.status !== undefined && attempt.status >= 200 && attempt.status < 300) {
      await deliveries.finish(claimed, { status: 'delivered', attempts, tries });
      await endpoints.succeeded(endpoint.tenant, endpoint.id);
      return;
    }
    const nextInMs = attempt.status === GONE ? undefined : nextDelay(scheduleMs, tries, retryAfterMs);
    const outcome = nextInMs === undefined ? { status: 'failed' as const } : { status: 'pending' as const, nextInMs };
    await endpoints.failed(endpoint.tenant, endpoint.id);
    await deliveries.finish(claimed, { ...outcome, attempts, tries });
    const about = { tenant: endpoint.tenant, webhook: endpoint.id, delivery: claimed.id, status: attempt.status };
    logger.info({ ...about, error: attempt.error, tries, nextInMs }, 'a webhook was not taken');
    if (nextInMs === undefined) await giveUp(endpoint, attempt.status === GONE);
  }

  async function giveUp({ tenant, id }: EndpointRow, gone: boolean): Promise<void> {
    const days = Math.round(settings.disableAfterMs / 86_400_000);
    const disabled = gone
      ? await endpoints.disable(tenant, id, 'The endpoint answered 410: it is gone')
      : await endpoints.disable(tenant, id, `Nothing was delivered for ${days} days`, settings.disableAfterMs);
    if (disabled) logger.warn({ tenant, webhook: id, gone }, 'a webhook endpoint was switched off');
  }

  async function prune(): Promise<void> {
    if (Date.now() - prunedAt < PRUNE_EVERY_MS) return;
    prunedAt = Date.now();
    await deliveries.prune(settings.retentionMs);
  }

  return {
    run: async (stop) => {
      // Each try in flight listens to it.
      setMaxListeners(0, stop);
      while (!stop.aborted) {
        try {
          await round(stop);
          await prune();
          away = false;
        } catch (error) {
          if (!isStoreError(error)) throw error;
          if (!away) logger.warn({ err: error }, 'webhooks wait for the store');
          away = true;
        }
        await pause(pollMs, undefined, { signal: stop }).catch(() => undefined);
      }
      await Promise.allSettled(inHand);
    },
  };
}
