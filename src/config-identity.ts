import { z } from 'zod';
import { flag, wholeNumber } from './config-values.js';
import { TENANT_PATTERN } from './contract/identity.js';

const limit = wholeNumber(0, 1_000_000);
const claim = z.string().max(200);

/** Who may call, and how much. */
export const identityEnv = {
  /** Callers send API keys, which lie in the store. */
  AUTH_API_KEYS: flag.default(false),
  /** Callers send tokens of this OpenID Connect provider: the very text of the tokens' `iss`. */
  OIDC_ISSUER: z.url('Expected a URL').optional(),
  /** What tokens have to be made for: their `aud`. */
  OIDC_AUDIENCE: z.string().optional(),
  /** Where the provider's keys are; absent: found by discovery. */
  OIDC_JWKS_URL: z.url('Expected a URL').optional(),
  /** The claim with the scopes; absent: `scope`, else `scp`. Dots lead into objects. */
  OIDC_SCOPES_CLAIM: claim.optional(),
  /** What stands before our scopes in theirs, such as `crews:`. */
  OIDC_SCOPE_PREFIX: z.string().max(100).default(''),
  /** The claim with the tenant. */
  OIDC_TENANT_CLAIM: claim.optional(),
  /** The tenant of tokens that name none; absent: they are refused. */
  OIDC_DEFAULT_TENANT: z
    .string()
    .regex(TENANT_PATTERN, 'Expected letters, digits, dots, hyphens and underscores')
    .optional(),
  /** The claim with the name that decisions carry; absent: `sub`. */
  OIDC_NAME_CLAIM: claim.optional(),
  /** Requests a minute of each key or subject; 0: any number. */
  RATE_LIMIT_PER_MINUTE: limit.default(600),
  /** Open runs of each key or subject; 0: any number. */
  MAX_OPEN_RUNS: limit.default(1_000),
};

type IdentityEnv = z.infer<z.ZodObject<typeof identityEnv>>;

const LOOPBACK = ['127.0.0.1', '::1', '[::1]', 'localhost'];

/** Whether callers are authenticated. */
export function authenticates({ AUTH_API_KEYS, OIDC_ISSUER }: IdentityEnv): boolean {
  return AUTH_API_KEYS || OIDC_ISSUER !== undefined;
}

/** What of it does not fit together: one line each. */
export function identityProblems(env: IdentityEnv): string[] {
  const { OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL, OIDC_TENANT_CLAIM, OIDC_DEFAULT_TENANT } = env;
  const problems: string[] = [];
  if ((OIDC_ISSUER === undefined) !== (OIDC_AUDIENCE === undefined)) {
    problems.push('OIDC_ISSUER, OIDC_AUDIENCE: set both or none');
  }
  if (OIDC_ISSUER !== undefined && OIDC_TENANT_CLAIM === undefined && OIDC_DEFAULT_TENANT === undefined) {
    problems.push('OIDC_ISSUER: say whose tokens are: OIDC_TENANT_CLAIM, OIDC_DEFAULT_TENANT, or both');
  }
  for (const [name, url] of Object.entries({ OIDC_ISSUER, OIDC_JWKS_URL })) {
    if (url === undefined || url.startsWith('https:') || LOOPBACK.includes(new URL(url).hostname)) continue;
    problems.push(`${name}=${url}: Expected https: who could change what is read there could be anybody`);
  }
  return problems;
}

/** Why a gateway must not listen where it shall, if so. */
export function unguarded(env: IdentityEnv & { HOST: string }): string | undefined {
  if (LOOPBACK.includes(env.HOST) || authenticates(env)) return undefined;
  return `HOST=${env.HOST}: beyond loopback callers have to be authenticated: set AUTH_API_KEYS=true (the first key: crew key create --bootstrap), or OIDC_ISSUER and OIDC_AUDIENCE; see docs/security.md`;
}
