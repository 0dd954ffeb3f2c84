import { createKeyRing } from './adapters/identity/api-keys.js';
import { openStore } from './adapters/store/index.js';
import { keyResource, limitsAsked } from './api/key-resource.js';
import { CliError, type BootstrapKey } from './cli/command.js';
import { TENANT_PATTERN } from './contract/identity.js';
import { DEFAULT_TENANT } from './contract/ids.js';
import { isStoreError } from './contract/store-error.js';

/** Makes an API key in the store itself: whoever has the database has everything in it anyway. @throws CliError */
export async function bootstrapKey(
  databaseUrl: string | undefined,
  { tenant = DEFAULT_TENANT, name, scopes, expiresAt, ...asked }: Parameters<BootstrapKey>[0],
): ReturnType<BootstrapKey> {
  if (!databaseUrl)
    throw new CliError('Set DATABASE_URL to the store of the gateways, or run npm start here: the key is made there');
  if (!TENANT_PATTERN.test(tenant)) {
    throw new CliError(`--tenant ${tenant}: expected letters, digits, dots, hyphens and underscores, at most 63`);
  }
  const store = openStore({ databaseUrl, connections: 1 });
  try {
    const { key, secret } = await createKeyRing(store.apiKeys).create({
      tenant,
      name,
      scopes,
      limits: limitsAsked(asked),
      createdBy: 'bootstrap',
      ...(expiresAt !== undefined && { expiresAt }),
    });
    return { ...keyResource(key), key: secret };
  } catch (error) {
    if (isStoreError(error)) throw new CliError(error.message);
    throw error;
  } finally {
    await store.close();
  }
}
