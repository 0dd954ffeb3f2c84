import type { Client as FetchClient } from 'openapi-fetch';
import { common, got, type Call } from './call.js';
import type { components, operations, paths } from './openapi.js';

type Schemas = components['schemas'];
export type Webhook = Schemas['Webhook'];
/** An endpoint as it was made: the only time that its secret is to be seen. */
export type CreatedWebhook = Schemas['CreatedWebhook'];
export type CreateWebhookRequest = Schemas['CreateWebhookRequest'];
export type PatchWebhookRequest = Schemas['PatchWebhookRequest'];
export type RotatedWebhook = Schemas['RotatedWebhook'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
/** With the body that is sent. */
export type WholeWebhookDelivery = Schemas['WholeWebhookDelivery'];
export type WebhookDeliveryList = Schemas['WebhookDeliveryList'];
export type WebhookDeliveryFilter = NonNullable<operations['listWebhookDeliveries']['parameters']['query']>;

/** Endpoints that events of runs are sent to. */
export function webhookCalls(http: FetchClient<paths>) {
  const one = (webhookId: string) => ({ params: { path: { webhookId } } });
  const delivery = (webhookId: string, deliveryId: string) => ({ params: { path: { webhookId, deliveryId } } });
  return {
    /** Registers an endpoint, once. */
    create: (body: CreateWebhookRequest, more: Call = {}): Promise<CreatedWebhook> =>
      got(http.POST('/v1/webhooks', { body, ...common(more) })),
    /** The oldest first. */
    list: async (more: Call = {}): Promise<Webhook[]> => (await got(http.GET('/v1/webhooks', common(more)))).webhooks,
    get: (id: string, more: Call = {}): Promise<Webhook> =>
      got(http.GET('/v1/webhooks/{webhookId}', { ...one(id), ...common(more) })),
    /** What is named is replaced. */
    update: (id: string, body: PatchWebhookRequest, more: Call = {}): Promise<Webhook> =>
      got(http.PATCH('/v1/webhooks/{webhookId}', { ...one(id), body, ...common(more) })),
    /** With what waits for it, and its log. */
    delete: async (id: string, more: Call = {}): Promise<void> => {
      await http.DELETE('/v1/webhooks/{webhookId}', { ...one(id), ...common(more) });
    },
    /** A new secret; older ones sign too for `overlapSeconds`, a day by default. */
    rotate: (id: string, more: Call & { overlapSeconds?: number } = {}): Promise<RotatedWebhook> => {
      const { overlapSeconds } = more;
      const body = overlapSeconds === undefined ? {} : { overlapSeconds };
      return got(http.POST('/v1/webhooks/{webhookId}/rotate', { ...one(id), body, ...common(more) }));
    },
    /** Sends an event of type `webhook.ping`. */
    ping: (id: string, more: Call = {}): Promise<WebhookDelivery> =>
      got(http.POST('/v1/webhooks/{webhookId}/ping', { ...one(id), ...common(more) })),
    /** The newest first. */
    deliveries: (id: string, query: WebhookDeliveryFilter = {}, more: Call = {}): Promise<WebhookDeliveryList> =>
      got(
        http.GET('/v1/webhooks/{webhookId}/deliveries', {
          params: { path: { webhookId: id }, query },
          ...common(more),
        }),
      ),
    delivery: (id: string, deliveryId: string, more: Call = {}): Promise<WholeWebhookDelivery> =>
      got(
        http.GET('/v1/webhooks/{webhookId}/deliveries/{deliveryId}', { ...delivery(id, deliveryId), ...common(more) }),
      ),
    /** Delivers once more, whatever became of it. */
    replay: (id: string, deliveryId: string, more: Call = {}): Promise<WebhookDelivery> =>
      got(
        http.POST('/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay', {
          ...delivery(id, deliveryId),
          ...common(more),
        }),
      ),
    /** Delivers once more all that failed since a time (ISO 8601). Gives how many. */
    replayFailed: async (id: string, since: string, more: Call = {}): Promise<number> => {
      const options = { ...one(id), body: { since }, ...common(more) };
      return (await got(http.POST('/v1/webhooks/{webhookId}/replay', options))).replayed;
    },
  };
}
