import { z } from '@hono/zod-openapi';

/** What a list's query says of its pages. */
export const pageFields = {
  limit: z.coerce
    .number({ error: 'Expected a whole number' })
    .int('Expected a whole number')
    .min(1, 'Expected at least 1')
    .max(100, 'Expected at most 100')
    .default(50),
  cursor: z.string().max(1_000).optional().openapi({ description: '`nextCursor` of the page before' }),
};
