import { z } from '@hono/zod-openapi';
import { RUN_ID_PATTERN } from '../contract/ids.js';
import { RUN_STATUSES } from '../contract/views.js';
import { strict } from '../crew/issues.js';
import { crewRefName } from './crew-schemas.js';
import { crewRefSchema, failureSchema, plainText } from './schemas.js';
import { webhookIds } from './webhook-schemas.js';

const MAX_ITEMS = 1_000;
const MAX_CONCURRENT = 100;

export const startBatchSchema = strict({
  crew: crewRefName,
  items: z
    .array(
      strict({
        inputs: z.record(z.string(), z.unknown(), { error: 'Expected an object of inputs by name' }).default({}),
        label: plainText(200).optional(),
      }),
      { error: 'Expected a list of { inputs, label? }' },
    )
    .min(1, 'Expected at least one item')
    .max(MAX_ITEMS, `Expected at most ${MAX_ITEMS} items`)
    .openapi({ example: [{ inputs: { topic: 'tea' } }, { inputs: { topic: 'coffee' } }] }),
  maxConcurrent: z
    .int('Expected a whole number')
    .min(1, 'Expected at least 1')
    .max(MAX_CONCURRENT, `Expected at most ${MAX_CONCURRENT}`)
    .default(5)
    .openapi({ description: 'Runs that are open at the same time' }),
  label: plainText(200).optional(),
  webhooks: webhookIds.optional(),
}).openapi('StartBatchRequest');

const count = z.int().min(0);
const counts = z
  .object({
    queued: count,
    running: count,
    completed: count,
    failed: count,
    cancelled: count,
    stopped: count,
    timed_out: count,
    terminated: count,
    skipped: count.openapi({ description: 'Never started, as the batch was cancelled' }),
  })
  .openapi('BatchCounts');

const head = {
  batchId: z.string(),
  crew: crewRefSchema,
  label: z.string().optional(),
  status: z.enum(['running', 'cancelling', 'cancelled', 'completed']),
  total: count,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  links: z.object({ self: z.string(), results: z.string() }),
};
export const batchRowSchema = z.object(head).openapi('BatchRow');
export const batchSchema = z
  .object({
    ...head,
    maxConcurrent: count,
    counts,
    errors: z
      .array(z.object({ index: count, error: failureSchema }))
      .openapi({ description: 'Items whose run could not be started' }),
  })
  .openapi('Batch');

/** One line of the results. */
export const batchResultSchema = z
  .object({
    index: count,
    runId: z.string().optional(),
    status: z.enum([...RUN_STATUSES, 'skipped']),
    output: z.string().optional(),
    json: z.unknown().optional().openapi({ description: 'The output, where it is JSON' }),
    error: failureSchema.optional(),
  })
  .openapi('BatchResult');

export const batchParam = z.object({
  batchId: z
    .string()
    .regex(RUN_ID_PATTERN)
    .openapi({ param: { name: 'batchId', in: 'path' }, example: '0f8fad5bd9cb469fa165' }),
});
