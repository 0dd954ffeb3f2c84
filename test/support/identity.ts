import { createKeyRing } from '../../src/adapters/identity/api-keys.js';
import { createIdentity } from '../../src/adapters/identity/index.js';
import type { OidcConfig } from '../../src/adapters/identity/oidc.js';
import { openStore, type PostgresStore } from '../../src/adapters/store/index.js';
import type { Scope } from '../../src/contract/identity.js';
import type { ApiKey, CallerLimits, Identity } from '../../src/ports.js';
import { uniqueName } from './crews.js';
import { testStore } from './store.js';

/** Keys and the identity that knows them, in tenants of their own. */
export interface TestIdentity {
  identity: Identity;
  store: PostgresStore;
  /** The headers of a new key. */
  keyOf(tenant: string, scopes: Scope[], more?: KeyOptions): Promise<{ headers: Record<string, string>; key: ApiKey }>;
  close(): Promise<void>;
}

interface KeyOptions {
  name?: string;
  limits?: CallerLimits;
  expiresAt?: string;
}

/** An identity with API keys in the test store. `now`: its clock. */
export async function testIdentity(now?: () => number, oidc?: OidcConfig): Promise<TestIdentity> {
  const store = openStore({ databaseUrl: (await testStore()).databaseUrl, connections: 2 });
  const keys = createKeyRing(store.apiKeys, now);
  return {
    identity: createIdentity({ keys, ...(oidc && { oidc }) }),
    store,
    keyOf: async (tenant, scopes, { name = uniqueName('key'), limits = {}, expiresAt } = {}) => {
      const wanted = { tenant, name, scopes, limits, createdBy: 'test', ...(expiresAt !== undefined && { expiresAt }) };
      const { key, secret } = await keys.create(wanted);
      return { key, headers: { authorization: `Bearer ${secret}` } };
    },
    close: () => store.close(),
  };
}
