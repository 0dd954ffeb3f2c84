import { z } from '@hono/zod-openapi';

/** `Idempotency-Key` of POSTs that create or decide. Source: draft-ietf-httpapi-idempotency-key-header */
export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'Expected 1 to 255 visible ASCII characters')
    .optional()
    .openapi({ description: 'The same key with the same body acts once and gives the same answer' }),
});
