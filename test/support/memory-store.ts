import { createHash } from 'node:crypto';
import { StoreError } from '../../src/contract/store-error.js';
import type { Store } from '../../src/ports.js';

/** A store in memory, for what stands on the port: texts and definitions. Keeps definitions as JSON, as a database does. */
export function memoryStore(): Store {
  const texts = new Map<string, string>();
  const definitions = new Map<string, { digest: string; json: string; createdAt: string }[]>();
  const key = (...parts: string[]) => JSON.stringify(parts);
  const versionsOf = (tenant: string, name: string) => definitions.get(key(tenant, name)) ?? [];
  const stored = (name: string, versions: ReturnType<typeof versionsOf>, version: number) => {
    const row = versions[version - 1];
    if (!row) return undefined;
    return { name, digest: row.digest, definition: JSON.parse(row.json), version, createdAt: row.createdAt };
  };
  const refuse = () => Promise.reject(new StoreError('refused', 'This store keeps texts and definitions only'));
  return {
    putText: (tenant, text) => {
      const ref = createHash('sha256').update(text).digest('hex');
      texts.set(key(tenant, ref), text);
      return Promise.resolve({ ref, chars: text.length });
    },
    getText: (tenant, ref) => Promise.resolve(texts.get(key(tenant, ref))),
    appendTranscript: refuse,
    readTranscript: refuse,
    putDefinition: (tenant, { name, digest, definition }) => {
      const versions = versionsOf(tenant, name);
      const known = versions.findIndex((row) => row.digest === digest);
      if (known >= 0) return Promise.resolve({ version: known + 1, created: false });
      const row = { digest, json: JSON.stringify(definition), createdAt: new Date().toISOString() };
      definitions.set(key(tenant, name), [...versions, row]);
      return Promise.resolve({ version: versions.length + 1, created: true });
    },
    getDefinition: (tenant, name, version) => {
      const versions = versionsOf(tenant, name);
      return Promise.resolve(stored(name, versions, version ?? versions.length));
    },
    listDefinitions: (tenant) =>
      Promise.resolve(
        [...definitions.entries()].flatMap(([id, versions]) => {
          const [owner, name = ''] = JSON.parse(id) as string[];
          const newest = owner === tenant ? stored(name, versions, versions.length) : undefined;
          return newest ? [newest] : [];
        }),
      ),
    listVersions: (tenant, name) =>
      Promise.resolve(
        versionsOf(tenant, name)
          .map(({ digest, createdAt }, at) => ({ digest, createdAt, version: at + 1 }))
          .reverse(),
      ),
    takeTokens: refuse,
    settleTokens: refuse,
    close: () => Promise.resolve(),
  };
}

/** A store that fails as told. */
export function failingStore(error: Error = new StoreError('unavailable', 'The store cannot be reached')): Store {
  const fail = () => Promise.reject(error);
  return {
    putText: fail,
    getText: fail,
    appendTranscript: fail,
    readTranscript: fail,
    putDefinition: fail,
    getDefinition: fail,
    listDefinitions: fail,
    listVersions: fail,
    takeTokens: fail,
    settleTokens: fail,
    close: () => Promise.resolve(),
  };
}
