import type { Client as FetchClient } from 'openapi-fetch';
import { common, got, type Call } from './call.js';
import type { components, paths } from './openapi.js';

type Schemas = components['schemas'];
export type ApiKey = Schemas['ApiKey'];
/** A key as it was made: the only time that all of it is to be seen. */
export type CreatedApiKey = Schemas['CreatedApiKey'];
export type CreateKeyRequest = Schemas['CreateKeyRequest'];
export type Caller = Schemas['Caller'];

/** Who calls, and API keys. */
export function identityCalls(http: FetchClient<paths>) {
  return {
    /** Who you are to the service. */
    caller: (more: Call = {}): Promise<Caller> => got(http.GET('/v1/caller', common(more))),
    keys: {
      /** Makes a key, with scopes and limits that are within yours. Not tried again. */
      create: (body: CreateKeyRequest, more: Call = {}): Promise<CreatedApiKey> =>
        got(http.POST('/v1/keys', { body, ...common(more) })),
      /** Those of your tenant, the newest first. */
      list: async (more: Call = {}): Promise<ApiKey[]> => (await got(http.GET('/v1/keys', common(more)))).keys,
      revoke: (keyId: string, more: Call = {}): Promise<ApiKey> =>
        got(http.DELETE('/v1/keys/{keyId}', { params: { path: { keyId } }, ...common(more) })),
    },
  };
}
