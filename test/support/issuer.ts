import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';

/** An identity provider on loopback: the real thing, with keys that a test can use and turn. */
export interface Issuer {
  issuer: string;
  /** A token as the provider gives it to a client of its own: with these scopes, and these claims beside. */
  token(scope: string, claims?: JWTPayload): Promise<string>;
  /** A token that is signed as the provider signs, with these claims: what a provider would never give. */
  signed(claims: JWTPayload, header?: { alg?: string; typ?: string }, key?: CryptoKey | Uint8Array): Promise<string>;
  /** The key that it signs with now. */
  publicKey(): JWK;
  /** Signs with a new key from now on, and forgets the one before. */
  rotate(): Promise<void>;
  /** Answers nothing but 500, until it is called with false. */
  fail(fails: boolean): void;
  /** How often its keys were asked for. */
  asked(): number;
  close(): Promise<void>;
}

/** What the tokens of the provider are for. */
export const AUDIENCE = 'urn:crews';

const CLIENT = { client_id: 'reports', client_secret: 'a-secret-of-the-test' };

/** Starts a provider on a free port. The caller closes it. */
export async function startIssuer(): Promise<Issuer> {
  let provider: Provider | undefined;
  let key: { privateKey: CryptoKey; publicJwk: JWK; kid: string };
  let fails = false;
  let asked = 0;
  let claims: JWTPayload = {};
  let turns = 0;
  const server: Server = createServer((request, response) => {
    if (request.url?.includes('jwks')) asked++;
    if (fails) {
      response.writeHead(500).end();
      return;
    }
    void provider?.callback()(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const rotate = async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = `key-${++turns}`;
    const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
    key = { privateKey, publicJwk: await exportJWK(publicKey), kid };
    const configuration: Configuration = {
      clients: [{ ...CLIENT, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
      jwks: { keys: [jwk] },
      scopes: ['read', 'run', 'approve', 'admin'],
      ttl: { ClientCredentials: 600 },
      extraTokenClaims: () => claims,
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          getResourceServerInfo: () => ({
            scope: 'read run approve admin',
            audience: AUDIENCE,
            accessTokenTTL: 600,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    };
    provider = new Provider(issuer, configuration);
  };
  await rotate();

  return {
    issuer,
    rotate,
    publicKey: () => key.publicJwk,
    fail: (so) => (fails = so),
    asked: () => asked,
    token: async (scope, more = {}) => {
      claims = more;
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${CLIENT.client_id}:${CLIENT.client_secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    signed: (given, { alg = 'RS256', typ = 'at+jwt' } = {}, by = key.privateKey) =>
      new SignJWT(given).setProtectedHeader({ alg, typ, kid: key.kid }).sign(by),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
