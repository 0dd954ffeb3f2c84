import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey, ApiKeys, Authenticated, NewApiKey } from '../../ports.js';
import type { ApiKeyTable, KeptKey } from '../store/api-keys.js';

/** How long a gateway goes by what it read: as long a key may still work elsewhere that was revoked here. */
export const KEY_CACHE_MS = 2_000;

/** Keys that are held in memory; the oldest go first. */
const MAX_CACHED = 10_000;

/** How often a gateway notes that a key is used. */
const NOTE_EVERY_MS = 60_000;

const KEY = /^aos_([0-9a-z]{12})_([A-Za-z0-9_-]{43})$/;

/** Why a key is not taken. One text for a wrong secret and for a key that there is not: an id is no secret, and tells nothing. */
const UNKNOWN = 'The API key is not valid';

/** Whether a credential has the form of an API key. */
export function isApiKey(credential: string): boolean {
  return credential.startsWith('aos_');
}

/** API keys: made, listed, revoked, and recognised. */
export interface KeyRing extends ApiKeys {
  authenticate(credential: string): Promise<Authenticated>;
}

/**
 * API keys on their table. The secret is 32 random bytes, of which SHA-256 is kept: there is nothing to guess that a slow hash
 * would protect. A revocation holds at once on this gateway, and within `KEY_CACHE_MS` on others. `now`: for tests.
 */
export function createKeyRing(table: ApiKeyTable, now: () => number = Date.now): KeyRing {
  const cache = new Map<string, { key: KeptKey; readAt: number }>();
  const noted = new Map<string, number>();
  /** Counts revocations: what was begun to be read before one is not kept. */
  let revocations = 0;

  const find = async (id: string): Promise<KeptKey | undefined> => {
    const known = cache.get(id);
    if (known && now() - known.readAt < KEY_CACHE_MS) return known.key;
    const before = revocations;
    const readAt = now();
    const key = await table.find(id);
    cache.delete(id);
    if (key && before === revocations) remember(cache, id, { key, readAt });
    return key;
  };

  const note = (id: string) => {
    if (now() - (noted.get(id) ?? 0) < NOTE_EVERY_MS) return;
    remember(noted, id, now());
    // When a key was last used is nice to know: no request waits or fails for it.
    table.used(id).catch(() => undefined);
  };

  return {
    async authenticate(credential) {
      const [, id, secret] = KEY.exec(credential) ?? [];
      const key = id !== undefined && secret !== undefined ? await find(id) : undefined;
      if (!key || !timingSafeEqual(hashOf(credential), key.hash)) return refused(UNKNOWN);
      if (key.revokedAt !== undefined) return refused('The API key was revoked');
      if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now()) return refused('The API key has expired');
      note(key.id);
      const { name, tenant, scopes, limits } = key;
      return { caller: { kind: 'api_key', id: `key:${key.id}`, name, tenant, scopes, limits } };
    },
    create: (key) => create(table, key),
    list: async (tenant) => (await table.list(tenant)).map(shown),
    async revoke(tenant, id) {
      const key = await table.revoke(tenant, id);
      revocations++;
      cache.delete(id);
      return key && shown(key);
    },
  };
}

/** Makes a key; also what makes the very first one, with no gateway. @throws StoreError */
async function create(table: ApiKeyTable, key: NewApiKey): Promise<{ key: ApiKey; secret: string }> {
  const id = Array.from(randomBytes(12), (byte) => (byte % 36).toString(36)).join('');
  const secret = `aos_${id}_${randomBytes(32).toString('base64url')}`;
  return { key: shown(await table.insert({ ...key, id, hash: hashOf(secret) })), secret };
}

function hashOf(credential: string): Buffer {
  return createHash('sha256').update(credential).digest();
}

function shown({ hash: _, ...key }: KeptKey): ApiKey {
  return key;
}

function refused(why: string): Authenticated {
  return { refused: why, code: 'invalid_credential' };
}

function remember<T>(map: Map<string, T>, id: string, value: T): void {
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MAX_CACHED && oldest !== undefined) map.delete(oldest);
}
