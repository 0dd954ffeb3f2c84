import { isChosen } from '../../contract/event-types.js';
import type { EventSink, OutgoingEvent } from '../../ports.js';
import type { DeliveryTable, NewDelivery } from './deliveries.js';
import type { EndpointTable } from './endpoints.js';
import type { EndpointRow } from './rows.js';

/**
 * The sink `webhooks`: one delivery for each event and each enabled endpoint that it is for, in the store. The body is made here,
 * once: every try sends the same bytes.
 */
export function webhookSink(endpoints: EndpointTable, deliveries: DeliveryTable): EventSink {
  return {
    name: 'webhooks',
    send: async (events) => {
      for (const tenant of new Set(events.map((event) => event.tenant))) {
        const known = await endpoints.enabled(tenant);
        const own = events.filter((event) => event.tenant === tenant);
        await deliveries.add(
          tenant,
          own.flatMap((event) => deliveriesOf(event, known)),
        );
      }
    },
    close: () => Promise.resolve(),
  };
}

function deliveriesOf({ event, webhooks = [] }: OutgoingEvent, endpoints: readonly EndpointRow[]): NewDelivery[] {
  const wanted = endpoints.filter(
    ({ id, global, events }) => (global || webhooks.includes(id)) && isChosen(events, event.type),
  );
  if (wanted.length === 0) return [];
  const body = JSON.stringify(event);
  return wanted.map(({ id }) => ({
    endpoint: id,
    eventId: event.id,
    eventType: event.type,
    runId: event.runId,
    body,
  }));
}
