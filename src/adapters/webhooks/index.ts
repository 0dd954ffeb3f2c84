import { randomUUID } from 'node:crypto';
import type { EventSink, Logger, StoreCipher, WebhookDispatcher, Webhooks } from '../../ports.js';
import { Keyring } from '../encryption/keyring.js';
import { createStoreCipher } from '../encryption/store-cipher.js';
import { Database } from '../store/database.js';
import { DeliveryTable } from './deliveries.js';
import { atRest } from './at-rest.js';
import { createDispatcher, type DispatcherSettings } from './dispatcher.js';
import { EndpointTable } from './endpoints.js';
import { deliveryId } from './rows.js';
import { webhookSink } from './sink.js';
import { urlProblem } from './target.js';

/** The type of the event that a ping sends. */
const PING = 'webhook.ping';

/** The port, with what the worker does beside. */
export interface PostgresWebhooks extends Webhooks {
  /** Takes relayed events. */
  sink: EventSink;
  /** Delivers them. */
  dispatcher(settings: Omit<DispatcherSettings, 'allowPrivate'>, logger: Logger): WebhookDispatcher;
}

/**
 * Webhooks on the store's database. Nothing is connected before the first call. `allowPrivate`: receivers may have private addresses. `cipher`: seals
 * what is kept; absent: it is kept as it is.
 */
export function openWebhooks({
  databaseUrl,
  allowPrivate,
  cipher = createStoreCipher(Keyring.empty()),
}: {
  databaseUrl: string;
  allowPrivate: boolean;
  cipher?: StoreCipher;
}): PostgresWebhooks {
  const database = new Database(databaseUrl, 3);
  const rest = atRest(cipher);
  const endpoints = new EndpointTable(database, rest);
  const deliveries = new DeliveryTable(database, rest);
  return {
    urlProblem: (url) => urlProblem(url, allowPrivate),
    create: (tenant, id, spec, requestDigest) => endpoints.create(tenant, id, spec, requestDigest),
    list: (tenant) => endpoints.list(tenant),
    get: (tenant, id) => endpoints.get(tenant, id),
    update: (tenant, id, changes) => endpoints.update(tenant, id, changes),
    remove: (tenant, id) => endpoints.remove(tenant, id),
    rotate: (tenant, id, overlapMs) => endpoints.rotate(tenant, id, overlapMs),
    ping: async (tenant, id) => {
      if (!(await endpoints.get(tenant, id))) return undefined;
      const eventId = `ping:${randomUUID()}`;
      const body = JSON.stringify({
        id: eventId,
        type: PING,
        time: new Date().toISOString(),
        data: { webhookId: id },
      });
      await deliveries.add(tenant, [{ endpoint: id, eventId, eventType: PING, body }]);
      const made = await deliveries.get(tenant, id, deliveryId(tenant, id, eventId));
      if (!made) return undefined;
      const { body: _, ...delivery } = made;
      return delivery;
    },
    deliveries: (tenant, id, filter) => deliveries.list(tenant, id, filter, filter.cursor),
    delivery: (tenant, id, delivery) => deliveries.get(tenant, id, delivery),
    replay: (tenant, id, delivery) => deliveries.replay(tenant, id, delivery),
    replayFailed: (tenant, id, since) => deliveries.replayFailed(tenant, id, since),
    unknown: (tenant, ids) => endpoints.unknown(tenant, ids),
    hasGlobal: (tenant) => endpoints.hasGlobal(tenant),
    close: () => database.close(),
    sink: webhookSink(endpoints, deliveries),
    dispatcher: (settings, logger) =>
      createDispatcher({ endpoints, deliveries, rest }, { ...settings, allowPrivate }, logger),
  };
}
