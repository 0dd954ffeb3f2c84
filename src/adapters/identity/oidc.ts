import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { SCOPES, TENANT_PATTERN, type Scope } from '../../contract/identity.js';
import type { Authenticated } from '../../ports.js';

/** How tokens of an identity provider are read. */
export interface OidcConfig {
  issuer: string;
  audience: string;
  /** Absent: found by discovery. */
  jwksUrl?: string;
  /** The claim with the scopes; absent: `scope`, else `scp`. Dots lead into objects. */
  scopesClaim?: string;
  /** What stands before our scopes in theirs: `crews:` for `crews:read`. */
  scopePrefix?: string;
  /** The claim with the tenant. Dots lead into objects. */
  tenantClaim?: string;
  /** The tenant of tokens without that claim; absent: they are refused. */
  defaultTenant?: string;
  /** The claim with the name that decisions carry; absent: `sub`. */
  nameClaim?: string;
  /** Least time between two looks for a new key, in milliseconds. */
  cooldownMs?: number;
}

/** Signatures that only the provider can make: none with a shared secret, and not none. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** How far clocks may be apart. */
const CLOCK_TOLERANCE_SECONDS = 30;

/** How long the provider may take. */
const FETCH_TIMEOUT_MS = 5_000;

/** How long its keys are gone by, where none is missing. */
const JWKS_MAX_AGE_MS = 10 * 60_000;

/** Reads the tokens of an OpenID Connect provider: who calls, or why not. Never rejects. */
export function createOidc(config: OidcConfig): (token: string) => Promise<Authenticated> {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (token) => {
    keys ??= keysOf(config);
    let resolved: JWTVerifyGetKey;
    try {
      resolved = await keys;
    } catch {
      keys = undefined;
      return UNAVAILABLE;
    }
    try {
      const { payload } = await jwtVerify(token, resolved, {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      return callerOf(payload, config);
    } catch (error) {
      return why(error);
    }
  };
}

const UNAVAILABLE: Authenticated = {
  code: 'unavailable',
  refused: 'The identity provider does not answer, so that the token cannot be checked; try again soon',
};

async function keysOf(config: OidcConfig): Promise<JWTVerifyGetKey> {
  return createRemoteJWKSet(new URL(config.jwksUrl ?? (await discovered(config.issuer))), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: JWKS_MAX_AGE_MS,
    ...(config.cooldownMs !== undefined && { cooldownDuration: config.cooldownMs }),
  });
}

/** Where the provider's keys are. Source: OpenID Connect Discovery 1.0 */
async function discovered(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const { issuer: named, jwks_uri: jwks } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer || typeof jwks !== 'string') throw new Error('discovery of another issuer');
  return jwks;
}

function callerOf(payload: JWTPayload, config: OidcConfig): Authenticated {
  const tenant = config.tenantClaim === undefined ? undefined : claim(payload, config.tenantClaim);
  const named = tenant ?? config.defaultTenant;
  if (typeof named !== 'string' || !TENANT_PATTERN.test(named)) {
    return refused(`The token names no tenant${config.tenantClaim === undefined ? '' : ` (${config.tenantClaim})`}`);
  }
  const subject = payload.sub ?? '';
  const name = nameOf(payload, config.nameClaim) ?? subject;
  const scopes = scopesOf(payload, config);
  return { caller: { kind: 'oidc', id: `oidc:${subject}`, name: name.slice(0, 200), tenant: named, scopes } };
}

/** An address that the provider has not verified is anybody's, and is no name. */
function nameOf(payload: JWTPayload, path: string | undefined): string | undefined {
  if (path === undefined || (path === 'email' && payload['email_verified'] === false)) return undefined;
  const name = claim(payload, path);
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}

function scopesOf(payload: JWTPayload, { scopesClaim, scopePrefix = '' }: OidcConfig): Scope[] {
  const found = scopesClaim === undefined ? (payload['scope'] ?? payload['scp']) : claim(payload, scopesClaim);
  const given = typeof found === 'string' ? found.split(' ') : Array.isArray(found) ? (found as unknown[]) : [];
  return SCOPES.filter((scope) => given.includes(`${scopePrefix}${scope}`));
}

/** A claim by its name, or by a path into objects: `realm_access.roles`. */
function claim(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let at: unknown = payload;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** Why a token is not taken, in our words: those of the library would tell a stranger about the configuration. */
function why(error: unknown): Authenticated {
  if (error instanceof errors.JWTExpired) return refused('The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return refused(`The token is not for this service (${error.claim})`);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return refused('The token is not signed by the identity provider');
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return UNAVAILABLE;
  // What `createRemoteJWKSet` throws where the provider answers with an error, and what `fetch` throws.
  if (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') return UNAVAILABLE;
  return error instanceof errors.JOSEError ? refused('The token is not valid') : UNAVAILABLE;
}

function refused(text: string): Authenticated {
  return { refused: text, code: 'invalid_credential' };
}
