import type { Identity } from '../../ports.js';
import { isApiKey, type KeyRing } from './api-keys.js';
import { createOidc, type OidcConfig } from './oidc.js';

/** The `Identity` port: API keys, tokens of an identity provider, or both. */
export function createIdentity({ keys, oidc }: { keys?: KeyRing; oidc?: OidcConfig }): Identity {
  const readToken = oidc && createOidc(oidc);
  return {
    authenticate: async (credential) => {
      if (keys && isApiKey(credential)) return keys.authenticate(credential);
      if (readToken && !isApiKey(credential)) return readToken(credential);
      return {
        code: 'invalid_credential',
        refused: `Send ${keys ? 'an API key' : 'a token of the identity provider'}`,
      };
    },
    ...(keys && { keys }),
  };
}
