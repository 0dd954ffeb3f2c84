import { createRoute, z } from '@hono/zod-openapi';
import { allows, SCOPES } from '../../contract/identity.js';
import { strict } from '../../crew/issues.js';
import type { ApiKeys, Caller, CallerLimits } from '../../ports.js';
import { callerOf, tenantIn } from '../caller.js';
import type { AppDeps } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { keyResource, limitsAsked } from '../key-resource.js';
import { createRouter, json, problems } from '../openapi.js';
import { plainText } from '../schemas.js';
import { isoTime } from './queueing.js';

const PATH = '/v1/keys';
const MAX_LIMIT = 1_000_000;

const scope = z.enum(SCOPES, { error: `Expected one of: ${SCOPES.join(', ')}` });
const limit = z.int('Expected a whole number').min(1, 'Expected at least 1').max(MAX_LIMIT).optional();

const createSchema = strict({
  name: plainText(200).openapi({ description: 'Whose key it is: decisions and messages carry this name' }),
  scopes: z.array(scope).min(1, 'Expected at least one scope'),
  expiresAt: isoTime.optional().openapi({ description: 'Absent: it is good until it is revoked' }),
  rateLimitPerMinute: limit.openapi({ description: "Lower than the service's own limit" }),
  maxOpenRuns: limit.openapi({ description: "Lower than the service's own limit" }),
}).openapi('CreateKeyRequest', { example: { name: 'reports', scopes: ['read', 'run'] } });

const keySchema = z
  .object({
    id: z
      .string()
      .openapi({ description: 'The part of the key that is no secret: aos_<id>_…', example: '3k1x0q9z7abc' }),
    name: z.string(),
    scopes: z.array(scope),
    rateLimitPerMinute: z.int().optional(),
    maxOpenRuns: z.int().optional(),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    revokedAt: z.iso.datetime().optional(),
    lastUsedAt: z.iso.datetime().optional().openapi({ description: 'To a minute' }),
  })
  .openapi('ApiKey');

const madeSchema = keySchema
  .extend({ key: z.string().openapi({ description: 'The whole key. It is not kept, and not shown again' }) })
  .openapi('CreatedApiKey');

const createKeyRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: PATH,
  operationId: 'createKey',
  summary: 'Make an API key',
  description: 'Of your tenant, with scopes and limits that are within yours. Every call makes another one.',
  tags: ['Identity'],
  request: { body: { required: true, content: { 'application/json': { schema: createSchema } } } },
  responses: { 201: json(madeSchema, 'The key is made'), ...problems(400, 409, 413, 415, 422, 503) },
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listKeys',
  summary: 'The API keys of your tenant, the newest first',
  tags: ['Identity'],
  responses: {
    200: json(z.object({ keys: z.array(keySchema) }).openapi('ApiKeyList'), 'Revoked and expired ones among them'),
    ...problems(409, 503),
  },
});

const revokeRoute = createRoute({
  method: 'delete',
  path: `${PATH}/{keyId}`,
  operationId: 'revokeKey',
  summary: 'Revoke an API key',
  description: 'At once here, and within 2 s on other gateways. Requests that are being answered go on.',
  tags: ['Identity'],
  request: {
    params: z.object({
      keyId: z
        .string()
        .regex(/^[0-9a-z]{12}$/)
        .openapi({ param: { name: 'keyId', in: 'path' }, example: '3k1x0q9z7abc' }),
    }),
  },
  responses: { 200: json(keySchema, 'The key, revoked'), ...problems(404, 409, 503) },
});

const callerRoute = createRoute({
  method: 'get',
  path: '/v1/caller',
  operationId: 'getCaller',
  summary: 'Who you are here, and what you may do',
  tags: ['Identity'],
  responses: {
    200: json(
      z
        .object({
          kind: z.enum(['open', 'api_key', 'oidc', 'event']),
          name: z.string(),
          tenant: z.string(),
          scopes: z.array(scope),
        })
        .openapi('Caller'),
      '`open`: callers are not authenticated here',
    ),
    ...problems(503),
  },
});

/** `/v1/keys` and `/v1/caller`. */
export function keyRoutes({ identity, settings }: AppDeps) {
  const keys = (): ApiKeys => {
    if (identity?.keys) return identity.keys;
    throw new Problem('keys_not_configured', 'Set AUTH_API_KEYS=true for all gateways');
  };
  return createRouter()
    .openapi(createKeyRoute, async (context) => {
      const caller = callerOf(context);
      const { name, scopes, expiresAt, ...asked } = context.req.valid('json');
      const limits = limitsAsked(asked);
      const own = {
        perMinute: caller.limits?.perMinute ?? settings.rateLimitPerMinute,
        openRuns: caller.limits?.openRuns ?? settings.maxOpenRuns,
      };
      requireWithin(caller, { scopes, limits, own, expiresAt });
      const made = await keys().create({
        tenant: caller.tenant,
        name,
        scopes: SCOPES.filter((one) => scopes.includes(one)),
        // A maker's own limits go on to what it makes, or it would be free of them by making.
        limits: { ...caller.limits, ...limits },
        createdBy: caller.name,
        ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
      });
      return context.json({ ...keyResource(made.key), key: made.secret }, 201, { 'cache-control': 'no-store' });
    })
    .openapi(listRoute, async (context) =>
      context.json({ keys: (await keys().list(tenantIn(context))).map(keyResource) }, 200),
    )
    .openapi(revokeRoute, async (context) => {
      const revoked = await keys().revoke(tenantIn(context), context.req.valid('param').keyId);
      if (!revoked) throw new Problem('key_not_found', 'There is no API key with this id');
      return context.json(keyResource(revoked), 200);
    })
    .openapi(callerRoute, (context) => {
      const { kind, name, tenant, scopes } = callerOf(context);
      return context.json({ kind, name, tenant, scopes: [...scopes] }, 200);
    });
}

interface Wanted {
  scopes: readonly (typeof SCOPES)[number][];
  limits: CallerLimits;
  own: Required<CallerLimits>;
  expiresAt: string | undefined;
}

/** Nobody hands out more than they have. Throws `invalid_request`. */
function requireWithin(caller: Caller, { scopes, limits, own, expiresAt }: Wanted): void {
  const errors = scopes.flatMap((one, at) =>
    allows(caller.scopes, one) ? [] : [{ path: `scopes.${at}`, message: `You have not the scope '${one}' yourself` }],
  );
  const fields = { perMinute: 'rateLimitPerMinute', openRuns: 'maxOpenRuns' } as const;
  for (const [name, path] of Object.entries(fields) as [keyof typeof fields, string][]) {
    const [wanted, most] = [limits[name], own[name]];
    if (wanted !== undefined && most > 0 && wanted > most) errors.push({ path, message: `Expected at most ${most}` });
  }
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
    errors.push({ path: 'expiresAt', message: 'Expected a time that is yet to come' });
  if (errors.length > 0) throw new Problem('invalid_request', 'The key cannot be made so; see errors', { errors });
}
