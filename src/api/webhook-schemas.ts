import { z } from '@hono/zod-openapi';
import { EVENT_TYPE_CHOICES } from '../contract/event-types.js';
import { MAX_NAMED_WEBHOOKS, WEBHOOK_ID_PATTERN } from '../contract/ids.js';
import { strict } from '../crew/issues.js';
import { BROKEN_UNICODE, isWellFormed, NOT_PLAIN_TEXT, PLAIN_TEXT } from '../crew/values.js';
import { isoTime } from './routes/queueing.js';
import { plainText } from './schemas.js';

const MAX_URL_CHARS = 2_000;
/** Longest time that a secret signs on after it was replaced, in seconds. */
const MAX_OVERLAP_SECONDS = 30 * 86_400;
const DAY_SECONDS = 86_400;

const flag = () => z.boolean({ error: 'Expected true or false' });

const url = z
  .string({ error: (issue) => (issue.input === undefined ? 'Required: expected a URL' : 'Expected a URL') })
  .max(MAX_URL_CHARS, `Expected at most ${MAX_URL_CHARS} characters`)
  // Where a URL is read these are left out or written otherwise; what is kept is what was sent.
  .regex(PLAIN_TEXT, NOT_PLAIN_TEXT)
  .refine(isWellFormed, BROKEN_UNICODE)
  .openapi({ example: 'https://example.com/hooks/crews' });

const events = z
  .array(
    z.string({ error: 'Expected a type of event' }).refine((one) => EVENT_TYPE_CHOICES.includes(one), {
      error: 'Expected * for all, a group such as run.*, or a type such as run.completed; see docs/webhooks.md',
    }),
    { error: 'Expected a list of types of events' },
  )
  .min(1, 'Expected at least one type')
  .max(EVENT_TYPE_CHOICES.length, 'Expected each type once')
  .openapi({ description: '`*`, groups such as `run.*`, and types', example: ['run.*', 'approval.requested'] });

const global = flag().openapi({
  description: 'True: it hears of every run of the tenant. False: of runs whose start names it in `webhooks`',
});

export const createWebhookSchema = strict({
  url,
  description: plainText(500).optional(),
  events: events.default(['run.*', 'approval.*']),
  global: global.default(true),
  enabled: flag().default(true),
}).openapi('CreateWebhookRequest');

export const patchWebhookSchema = strict({
  url: url.optional(),
  description: plainText(500).nullable().optional(),
  events: events.optional(),
  global: global.optional(),
  enabled: flag()
    .optional()
    .openapi({ description: 'True also forgets why it was switched off; what waits for it is delivered' }),
}).openapi('PatchWebhookRequest', { description: 'What is named is replaced; a description that is null, taken away' });

export const rotateSchema = strict({
  overlapSeconds: z
    .int('Expected a whole number of seconds')
    .min(0, 'Expected at least 0')
    .max(MAX_OVERLAP_SECONDS, 'Expected at most 30 days')
    .default(DAY_SECONDS)
    .openapi({ description: 'How long older secrets sign too; a day by default' }),
}).openapi('RotateWebhookRequest');

export const replayFailedSchema = strict({
  since: isoTime.openapi({ description: 'Deliveries that were made at or after this time' }),
}).openapi('ReplayFailedRequest');

const time = z.iso.datetime();
const links = z.object({ self: z.string() });

export const webhookSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string().optional(),
    events: z.array(z.string()),
    global: z.boolean(),
    enabled: z.boolean(),
    disabledReason: z.string().optional().openapi({ description: 'Why the service switched it off' }),
    failingSince: time.optional().openapi({ description: 'Nothing was taken since, though it was tried' }),
    oldSecretUntil: time.optional().openapi({ description: 'Until then older secrets sign too' }),
    createdAt: time,
    updatedAt: time,
    links,
  })
  .openapi('Webhook');

const secret = z.string().openapi({
  description: 'What deliveries are signed with. It is shown here, and not again',
  example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
});

export const madeWebhookSchema = webhookSchema.extend({ secret }).openapi('CreatedWebhook');

export const rotatedSchema = z.object({ id: z.string(), secret, oldSecretUntil: time }).openapi('RotatedWebhook');

const attempt = z.object({
  at: time,
  durationMs: z.int().min(0),
  status: z.int().optional().openapi({ description: 'Of the answer; absent: there was none' }),
  answer: z.string().optional().openapi({ description: 'Its beginning' }),
  error: z.string().optional().openapi({ description: 'Why there was no answer' }),
});

export const deliverySchema = z
  .object({
    id: z.string().openapi({ description: 'The header `webhook-id`: the same at each try' }),
    webhookId: z.string(),
    eventId: z.string(),
    eventType: z.string(),
    runId: z.string().optional().openapi({ description: 'Absent: a ping' }),
    status: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.array(attempt).openapi({ description: 'The last 50, the oldest first' }),
    nextTryAt: time.optional(),
    createdAt: time,
    links,
  })
  .openapi('WebhookDelivery');

export const wholeDeliverySchema = deliverySchema
  .extend({ body: z.string().openapi({ description: 'What was, or will be, sent, byte for byte' }) })
  .openapi('WholeWebhookDelivery');

const id = (name: string, example: string) =>
  z
    .string()
    .regex(WEBHOOK_ID_PATTERN, 'Expected an id')
    .openapi({ param: { name, in: 'path' }, example });

export const webhookParam = z.object({ webhookId: id('webhookId', '0f8fad5bd9cb469fa165') });
export const deliveryParams = webhookParam.extend({
  deliveryId: id('deliveryId', 'msg_5f1d2c7e0a9b4c3d8e6f7a1b2c3d4e5f'),
});

/** The endpoints that a start names. */
export const webhookIds = z
  .array(
    z.string({ error: 'Expected the id of a webhook' }).regex(WEBHOOK_ID_PATTERN, 'Expected the id of a webhook'),
    {
      error: 'Expected a list of ids of webhooks',
    },
  )
  .max(MAX_NAMED_WEBHOOKS, `Expected at most ${MAX_NAMED_WEBHOOKS} webhooks`)
  .openapi({ description: 'Webhook endpoints that hear of this run, beside those that hear of every run' });
