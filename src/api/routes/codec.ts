import { createRoute, z } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import type { AppDeps } from '../env.js';
import { Problem } from '../errors.js';
import { bodyOf, jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { requireTenantAdmin } from '../tenant-admin.js';

/** A page of a history has many payloads, of up to 2 MB each. */
const MAX_BODY_BYTES = 20_000_000;

const payloadSchema = z
  .object({
    metadata: z.record(z.string(), z.string()).optional().openapi({ description: 'Values are base64' }),
    data: z.string().optional().openapi({ description: 'base64' }),
  })
  .openapi('Payload');

const payloadsSchema = z.object({ payloads: z.array(payloadSchema).default([]) }).openapi('Payloads', {
  example: { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'InRlYSI=' }] },
});

const tenantParam = z.object({
  tenant: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/)
    .openapi({ param: { in: 'path' }, example: 'default' }),
});

const codecRoute = <V extends 'decode' | 'encode'>(verb: V, summary: string, description: string) =>
  createRoute({
    method: 'post',
    middleware: jsonOnly,
    path: `/codec/{tenant}/${verb}`,
    operationId: `${verb}Payloads`,
    summary,
    description,
    tags: ['Codec'],
    request: {
      params: tenantParam,
      body: { required: true, content: { 'application/json': { schema: payloadsSchema } } },
    },
    responses: { 200: json(payloadsSchema, 'As many, in the same order'), ...problems(400, 404, 413, 415, 422) },
  });

const decodeRoute = codecRoute(
  'decode',
  'Decrypt payloads of a tenant',
  "Temporal's codec server: give `/codec/{tenant}` to the Temporal UI, or to `temporal --codec-endpoint`. Payloads of other tenants come back as they are. 404 where nothing is encrypted.",
);
const encodeRoute = codecRoute(
  'encode',
  'Encrypt payloads for a tenant',
  'What the Temporal UI and CLI send to a run.',
);

/** `/codec/{tenant}`: a codec server. */
export function codecRoutes({ sealing, settings }: AppDeps) {
  const router = createRouter();
  router.use(
    '/codec/*',
    cors({ origin: [...(settings.codecOrigins ?? [])], allowMethods: ['POST'], credentials: true }),
  );
  router.use('/codec/*', bodyOf(MAX_BODY_BYTES));
  const configured = () => {
    if (sealing) return sealing;
    throw new Problem(
      'not_found',
      'Payloads are not encrypted here, or are not opened for others; see docs/encryption.md',
    );
  };
  return router
    .openapi(decodeRoute, (context) => {
      const { tenant } = context.req.valid('param');
      requireTenantAdmin(context, tenant);
      return context.json({ payloads: configured().decode(tenant, context.req.valid('json').payloads) }, 200);
    })
    .openapi(encodeRoute, (context) => {
      const { tenant } = context.req.valid('param');
      requireTenantAdmin(context, tenant);
      return context.json({ payloads: configured().encode(tenant, context.req.valid('json').payloads) }, 200);
    });
}
