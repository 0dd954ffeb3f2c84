import type { ApiKey, CallerLimits } from '../ports.js';

/** An API key as an answer shows it. */
export function keyResource({
  id,
  name,
  scopes,
  limits,
  createdBy,
  createdAt,
  expiresAt,
  revokedAt,
  lastUsedAt,
}: ApiKey) {
  return {
    id,
    name,
    scopes,
    createdBy,
    createdAt,
    ...(limits.perMinute !== undefined && { rateLimitPerMinute: limits.perMinute }),
    ...(limits.openRuns !== undefined && { maxOpenRuns: limits.openRuns }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(revokedAt !== undefined && { revokedAt }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
  };
}

/** The limits that a request for a key asks for. */
export function limitsAsked({
  rateLimitPerMinute,
  maxOpenRuns,
}: {
  rateLimitPerMinute?: number | undefined;
  maxOpenRuns?: number | undefined;
}): CallerLimits {
  return {
    ...(rateLimitPerMinute !== undefined && { perMinute: rateLimitPerMinute }),
    ...(maxOpenRuns !== undefined && { openRuns: maxOpenRuns }),
  };
}
