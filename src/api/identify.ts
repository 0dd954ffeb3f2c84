import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { allows } from '../contract/identity.js';
import type { Caller, Identity, Rate } from '../ports.js';
import type { AccessTable } from './access.js';
import { OPEN_CALLER } from './caller.js';
import type { AppDeps, AppEnv } from './env.js';
import { Problem } from './errors.js';

const REALM = 'Bearer realm="agent-orchestration-service"';

/**
 * Finds out who calls, and lets them do what their scopes allow: the one place where this is decided. Where callers are not
 * authenticated, all do everything. `tableOf`: what the routes need, asked when the first request comes, as all are there then.
 * Throws `unauthenticated`, `identity_unavailable`, `forbidden_scope`, `rate_limited`.
 */
export function identify({ identity, rates }: AppDeps, tableOf: () => AccessTable): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const table = tableOf();
    const route = matchedRoutes(context).find(({ method }) => method !== 'ALL');
    // What matched no route is answered with 404 or 405, which say nothing that the document does not.
    const access = route ? table.get(`${route.method} ${route.path}`) : 'open';
    if (access === undefined) throw new Error(`no access is set for ${route?.method} ${route?.path}`);
    if (access === 'open') return next();
    const caller = identity ? await known(identity, context.req.header('authorization')) : OPEN_CALLER;
    context.set('caller', caller);
    const rate = await rates?.take(caller);
    if (rate) for (const [name, value] of Object.entries(rateHeaders(rate))) context.header(name, value);
    if (rate && !rate.granted) throw overRate(rate);
    if (access !== 'any' && !allows(caller.scopes, access)) {
      throw new Problem(
        'forbidden_scope',
        `This needs the scope '${access}'; you have: ${caller.scopes.join(', ') || 'none'}`,
        {},
        {
          'www-authenticate': `${REALM}, error="insufficient_scope", scope="${access}"`,
        },
      );
    }
    await next();
  };
}

async function known(identity: Identity, header: string | undefined): Promise<Caller> {
  if (header === undefined) throw unauthenticated('Send the header Authorization: Bearer …', REALM);
  const [, credential] = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header) ?? [];
  if (credential === undefined) throw unauthenticated('Authorization: expected Bearer and a key or token', REALM);
  const found = await identity.authenticate(credential);
  if ('caller' in found) return found.caller;
  if (found.code === 'unavailable')
    throw new Problem('identity_unavailable', found.refused, {}, { 'retry-after': '2' });
  throw unauthenticated(found.refused, `${REALM}, error="invalid_token"`);
}

function unauthenticated(detail: string, challenge: string): Problem {
  return new Problem('unauthenticated', detail, {}, { 'www-authenticate': challenge });
}

function overRate({ perMinute, resetMs, ...rate }: Rate): Problem {
  const seconds = Math.max(1, Math.ceil(resetMs / 1000));
  return new Problem(
    'rate_limited',
    `At most ${perMinute} requests a minute; try again in ${seconds} s`,
    {},
    {
      ...rateHeaders({ perMinute, resetMs, ...rate }),
      'retry-after': String(seconds),
    },
  );
}

/** Source: draft-ietf-httpapi-ratelimit-headers-10 */
function rateHeaders({ perMinute, remaining, resetMs }: Rate): Record<string, string> {
  return {
    'ratelimit-policy': `"requests";q=${perMinute};w=60`,
    ratelimit: `"requests";r=${remaining};t=${Math.ceil(resetMs / 1000)}`,
  };
}
