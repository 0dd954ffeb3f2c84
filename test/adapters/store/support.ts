import { randomUUID } from 'node:crypto';
import { openStore } from '../../../src/adapters/store/index.js';
import { isStoreError, type StoreErrorReason } from '../../../src/contract/store-error.js';

export type OpenStore = ReturnType<typeof openStore>;

/** Runs `use` on as many stores, each with connections and a memory of its own, as processes have; closes them. */
export async function withStores<T>(databaseUrl: string, count: number, use: (...stores: OpenStore[]) => Promise<T>) {
  const stores = Array.from({ length: count }, () => openStore({ databaseUrl, connections: 5 }));
  try {
    return await use(...stores);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

/** A name that no other test uses: of a tenant, a bucket, a database. */
export const fresh = (what: string) => `${what}_${randomUUID().replaceAll('-', '')}`;

/** For `assert.rejects`: a StoreError with this reason that says something to a person, and no secret. */
export function storeError(reason: StoreErrorReason, message: RegExp) {
  return (error: unknown) => isStoreError(error) && error.reason === reason && message.test(error.message);
}
