import { createKeyRing } from './adapters/identity/api-keys.js';
import { createIdentity } from './adapters/identity/index.js';
import type { OidcConfig } from './adapters/identity/oidc.js';
import { createRateLimits } from './adapters/identity/rate-limits.js';
import { openRedis } from './adapters/redis.js';
import type { PostgresStore } from './adapters/store/index.js';
import type { TemporalClient } from './adapters/temporal/connection.js';
import { createRunLimits } from './adapters/temporal/open-runs.js';
import type { AppDeps } from './api/env.js';
import { authenticates } from './config-identity.js';
import type { Config } from './config.js';
import type { Logger } from './ports.js';

/** Who may call the gateway and how much, as configured; nothing where callers are not authenticated. */
export async function composeIdentity(config: Config, store: PostgresStore, client: TemporalClient, logger: Logger) {
  const close = () => Promise.resolve();
  if (!authenticates(config)) return { deps: {}, close };
  const oidc = oidcOf(config);
  const identity = createIdentity({
    ...(config.AUTH_API_KEYS && { keys: createKeyRing(store.apiKeys) }),
    ...(oidc && { oidc }),
  });
  const redis = config.REDIS_URL === undefined ? undefined : await countersIn(config.REDIS_URL, logger);
  const deps: Pick<AppDeps, 'identity' | 'rates' | 'runLimits'> = {
    identity,
    rates: createRateLimits({ perMinute: config.RATE_LIMIT_PER_MINUTE, ...(redis && { redis }) }),
    runLimits: createRunLimits(client, config.MAX_OPEN_RUNS),
  };
  return { deps, close: () => Promise.resolve(redis?.disconnect()) };
}

/** Redis, for counting over all gateways: what it cannot count at once is counted here. */
function countersIn(url: string, logger: Logger) {
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 1 };
  return openRedis(url, options, logger, 'each gateway counts requests on its own');
}

function oidcOf(config: Config): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = config;
  if (issuer === undefined || audience === undefined) return undefined;
  const {
    OIDC_JWKS_URL,
    OIDC_SCOPES_CLAIM,
    OIDC_SCOPE_PREFIX,
    OIDC_TENANT_CLAIM,
    OIDC_DEFAULT_TENANT,
    OIDC_NAME_CLAIM,
  } = config;
  return {
    issuer,
    audience,
    scopePrefix: OIDC_SCOPE_PREFIX,
    ...(OIDC_JWKS_URL !== undefined && { jwksUrl: OIDC_JWKS_URL }),
    ...(OIDC_SCOPES_CLAIM !== undefined && { scopesClaim: OIDC_SCOPES_CLAIM }),
    ...(OIDC_TENANT_CLAIM !== undefined && { tenantClaim: OIDC_TENANT_CLAIM }),
    ...(OIDC_DEFAULT_TENANT !== undefined && { defaultTenant: OIDC_DEFAULT_TENANT }),
    ...(OIDC_NAME_CLAIM !== undefined && { nameClaim: OIDC_NAME_CLAIM }),
  };
}
