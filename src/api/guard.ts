import { randomUUID } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import type { AppDeps, AppEnv } from './env.js';
import { Problem } from './errors.js';

/** Largest request body, in bytes. */
const MAX_BODY_BYTES = 1_000_000;

const REQUEST_ID = /^[\w.:-]{1,128}$/;

/**
 * Gives each request an id (the caller's `X-Request-Id` where it is one), a place in the caller's trace, and one line in the log,
 * which says all that is known of it.
 */
export function requestLog({ logger, requests }: AppDeps): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const given = context.req.header('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    context.set('requestId', requestId);
    const started = performance.now();
    const { method, path } = context.req;
    const answer = async () => {
      await next();
      // Not by `context.header`, which makes the answer again, of a stream.
      context.res.headers.set('x-request-id', requestId);
      const { status } = context.res;
      const route = routeOf(context);
      const runId = context.get('runId') ?? context.req.param('runId');
      const caller = context.get('caller');
      logger.info(
        {
          requestId,
          method,
          ...(route !== undefined && { route }),
          path: withoutToken(path),
          status,
          durationMs: Math.round(performance.now() - started),
          ...(runId !== undefined && { runId }),
          ...(caller !== undefined && caller.kind !== 'open' && { caller: caller.name, tenant: caller.tenant }),
        },
        'request',
      );
      return { status, ...(route !== undefined && { route }) };
    };
    if (requests) await requests.watch({ method, path, header: (name) => context.req.header(name) }, answer);
    else await answer();
  };
}

/** The pattern that the request matched, as the OpenAPI document writes it. */
function routeOf(context: Context<AppEnv>): string | undefined {
  const pattern = routePath(context);
  return pattern.includes('*') ? undefined : pattern.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}');
}

/** Whoever has a one-time link can decide with it: it does not go into a log. */
function withoutToken(path: string): string {
  return path.replace(/^\/d\/.+/, '/d/…');
}

const PROBES = ['/healthz', '/readyz'];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Keeps web pages out while callers are not authenticated: the Host must be one of ours (a page that rebinds its name
 * to 127.0.0.1 sends its own), and an Origin must be the very address it calls. Where callers are authenticated no page has what it
 * takes to be one: browsers add no Authorization by themselves. There the Host is checked only where the operator named some.
 */
export function sameHostOnly({ settings, identity }: AppDeps): MiddlewareHandler<AppEnv> {
  if (identity && settings.allowedHosts.length === 0) return (_, next) => next();
  const { publicUrl } = settings;
  const served = [
    ...LOOPBACK,
    ...settings.allowedHosts,
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]),
  ];
  return async (context, next) => {
    const { host, hostname } = new URL(context.req.url);
    // Probes come under whatever address a process has.
    if (identity && PROBES.includes(context.req.path)) return next();
    if (!served.includes(hostname)) {
      throw new Problem('forbidden_host', 'Call under localhost, or have the name added to ALLOWED_HOSTS');
    }
    const origin = context.req.header('origin');
    const isCodec = context.req.path.startsWith('/codec/') && settings.codecOrigins?.includes(origin ?? '') === true;
    const isNamed = isCodec || settings.corsOrigins.includes(origin ?? '');
    if (!identity && origin !== undefined && !isNamed && !isOwnOrigin(origin, host, served.slice(LOOPBACK.length))) {
      throw new Problem('forbidden_origin', 'Pages of other origins may not call this service');
    }
    await next();
  };
}

function isOwnOrigin(origin: string, host: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host || allowedHosts.includes(url.hostname);
}

/** For routes with a body: refuses what is not declared as JSON, as a form of another site's page could send anything else. */
export const jsonOnly: MiddlewareHandler<AppEnv> = async (context, next) => {
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem('unsupported_media_type', 'Send the header content-type: application/json');
  }
  await next();
};

/** Refuses large bodies before they are read. */
export const bodySize: MiddlewareHandler<AppEnv> = bodyOf(MAX_BODY_BYTES);

/** Refuses bodies with more than so many bytes. */
export function bodyOf(maxSize: number): MiddlewareHandler<AppEnv> {
  const onError = () => {
    throw new Problem('body_too_large', `A body may have at most ${maxSize} bytes`);
  };
  const counted = bodyLimit({ maxSize, onError });
  return (context, next) => {
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD') return next();
    const length = context.req.header('content-length');
    if (length === undefined || context.req.header('transfer-encoding') !== undefined) return counted(context, next);
    // Not looked at: HTTP ends a body at the length that is said, and a look at it makes a stream of it.
    if (Number.parseInt(length, 10) > maxSize) return onError();
    return next();
  };
}
