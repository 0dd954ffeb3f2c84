import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from './env.js';

/** Answers are data: a browser that is made to show one as a page loads, runs and frames nothing. Pages have a policy of their own. */
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What no page of ours asks a browser for. */
const NOT_NEEDED = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'];

// Served over plain HTTP on loopback: whether to insist on TLS is the ingress's to say.
// With no referrer at all, browsers send forms with no origin, and ours would be refused.
const common = secureHeaders({
  strictTransportSecurity: false,
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
});

/** Headers that keep browsers from doing more with an answer than it is for. What a route says itself stands. */
export const safeHeaders: MiddlewareHandler<AppEnv> = async (context, next) => {
  await common(context, next);
  const { headers } = context.res;
  const defaults = {
    'content-security-policy': POLICY,
    // Runs are private: neither a browser nor something in between keeps them.
    'cache-control': 'no-store',
    'permissions-policy': NOT_NEEDED.map((feature) => `${feature}=()`).join(', '),
  };
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
};

/** Lets pages of the named origins call; they send no cookies. With no name, browsers let none. */
export function namedOrigins(origins: readonly string[]): MiddlewareHandler<AppEnv> {
  if (origins.length === 0) return (_context, next) => next();
  return cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: [
      ...['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id', 'prefer'],
      ...['traceparent', 'tracestate', 'x-request-id'],
    ],
    exposeHeaders: [
      ...['allow', 'content-disposition', 'etag', 'idempotency-key', 'location', 'preference-applied'],
      ...['ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
    ],
    maxAge: 600,
  });
}
