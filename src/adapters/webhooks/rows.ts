import { createHash } from 'node:crypto';
import type { DeliveryStatus, WebhookAttempt, WebhookDelivery, WebhookEndpoint } from '../../ports.js';
import type { AtRest } from './at-rest.js';
import type { Secret } from './secrets.js';

/** An endpoint as the table has it. */
export interface EndpointRow {
  tenant: string;
  id: string;
  url: string;
  description: string | null;
  events: string[];
  global: boolean;
  enabled: boolean;
  disabled_reason: string | null;
  failing_since: Date | null;
  secrets: string;
  old_secret_until: Date | null;
  request_digest: string;
  created_at: Date;
  updated_at: Date;
}

/** A delivery as the table has it; its body is read only where it is wanted. */
export interface DeliveryRow {
  tenant: string;
  n: string;
  id: string;
  endpoint: string;
  event_id: string;
  event_type: string;
  run_id: string | null;
  status: DeliveryStatus;
  tries: number;
  attempts: string;
  next_at: Date;
  created_at: Date;
}

/** The columns of a `DeliveryRow`. */
export const DELIVERY_COLUMNS =
  'tenant, n, id, endpoint, event_id, event_type, run_id, status, tries, attempts, next_at, created_at';

/** The endpoint for its readers: without its secrets. */
export function endpointOf(rest: AtRest, row: EndpointRow): WebhookEndpoint {
  const oldUntil = row.old_secret_until && row.old_secret_until.getTime() > Date.now() ? row.old_secret_until : null;
  return {
    id: row.id,
    url: urlOf(rest, row),
    ...(row.description !== null && {
      description: rest.open(row.tenant, 'description', row.id, row.description),
    }),
    events: row.events,
    global: row.global,
    enabled: row.enabled,
    ...(row.disabled_reason !== null && { disabledReason: row.disabled_reason }),
    ...(row.failing_since && { failingSince: row.failing_since.toISOString() }),
    ...(oldUntil && { oldSecretUntil: oldUntil.toISOString() }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export function urlOf(rest: AtRest, { tenant, id, url }: EndpointRow): string {
  return rest.open(tenant, 'url', id, url);
}

export function secretsOf(rest: AtRest, { tenant, id, secrets }: EndpointRow): Secret[] {
  return JSON.parse(rest.open(tenant, 'secrets', id, secrets)) as Secret[];
}

export function keptSecrets(rest: AtRest, tenant: string, id: string, secrets: readonly Secret[]): string {
  return rest.seal(tenant, 'secrets', id, JSON.stringify(secrets));
}

export function attemptsOf(rest: AtRest, { tenant, id, attempts }: DeliveryRow): WebhookAttempt[] {
  return JSON.parse(rest.open(tenant, 'attempts', id, attempts)) as WebhookAttempt[];
}

export function deliveryOf(rest: AtRest, row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.endpoint,
    eventId: row.event_id,
    eventType: row.event_type,
    ...(row.run_id !== null && { runId: row.run_id }),
    status: row.status,
    attempts: attemptsOf(rest, row),
    ...(row.status === 'pending' && { nextTryAt: row.next_at.toISOString() }),
    createdAt: row.created_at.toISOString(),
  };
}

/** The id of the delivery of an event to an endpoint, and `webhook-id` on the wire: the same whoever asks, so that a row is made once. */
export function deliveryId(tenant: string, endpoint: string, eventId: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([tenant, endpoint, eventId]))
    .digest('hex');
  return `msg_${hash.slice(0, 32)}`;
}
