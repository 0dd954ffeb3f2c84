import type { Scope } from '../contract/identity.js';

/** Who calls. A tenant comes from here and from nowhere else. */
export interface Caller {
  /** `open`: callers are not authenticated; `event`: an event that came in, for which the operator answers. */
  kind: 'open' | 'api_key' | 'oidc' | 'event';
  /** Whose name decisions, messages and stops carry. */
  name: string;
  tenant: string;
  scopes: readonly Scope[];
  /** What limits are counted by, and runs found by: `key:<id>`, `oidc:<subject>`. Absent: no limits. */
  id?: string;
  /** Instead of the operator's defaults. */
  limits?: CallerLimits;
}

/** Limits of one caller. Absent: the operator's default; 0: none. */
export interface CallerLimits {
  /** Requests in a minute. */
  perMinute?: number;
  /** Runs that are open at the same time. */
  openRuns?: number;
}

/** What came of a credential. `unavailable`: whether it is good cannot be found out now. */
export type Authenticated =
  { caller: Caller } | { refused: string; code: 'invalid_credential' } | { refused: string; code: 'unavailable' };

/** Finds out who calls. */
export interface Identity {
  /** By what stands after `Bearer`. Rejects with nothing but a `StoreError`. */
  authenticate(credential: string): Promise<Authenticated>;
  /** Absent: there are no API keys here. */
  keys?: ApiKeys;
}

/** An API key as it is shown: all but its secret. */
export interface ApiKey {
  /** The part of the key that is no secret. */
  id: string;
  tenant: string;
  name: string;
  scopes: Scope[];
  limits: CallerLimits;
  createdBy: string;
  /** ISO 8601. */
  createdAt: string;
  expiresAt?: string;
  revokedAt?: string;
  /** To a minute. */
  lastUsedAt?: string;
}

/** A key that is to be made. `expiresAt`: ISO 8601. */
export type NewApiKey = Pick<ApiKey, 'tenant' | 'name' | 'scopes' | 'limits' | 'createdBy'> & { expiresAt?: string };

/** API keys. Rejects with a `StoreError` and nothing else. */
export interface ApiKeys {
  /** `secret` is the whole key: it is given here, and never again. */
  create(key: NewApiKey): Promise<{ key: ApiKey; secret: string }>;
  /** The newest first, revoked and expired ones among them. */
  list(tenant: string): Promise<ApiKey[]>;
  /** Undefined where the tenant has no such key. What was revoked stays so. */
  revoke(tenant: string, id: string): Promise<ApiKey | undefined>;
}

/** Limits requests. Never rejects: where it cannot count, it counts on its own. */
export interface RateLimits {
  /** Takes one request of a caller. Undefined: there is no limit for it. */
  take(caller: Caller): Promise<Rate | undefined>;
}

/** What is left of a caller's minute. */
export interface Rate {
  granted: boolean;
  perMinute: number;
  remaining: number;
  /** Milliseconds until the minute is over. */
  resetMs: number;
}

/** Limits how many runs of a caller are open. */
export interface RunLimits {
  /**
   * Takes the place of a run that is to be started. `release` gives it back where it was not started after all. Undefined: there is no
   * place. Rejects with a `RunsError` where that cannot be found out.
   */
  take(caller: Caller, runId: string): Promise<{ release(): void } | undefined>;
}
