import { errors, jwtVerify, SignJWT } from 'jose';
import { APPROVAL_ACTIONS } from '../contract/views.js';
import type { ApprovalLinks, LinkClaims } from '../ports.js';

/** What our tokens are for: a token of ours made for something else is none. */
const AUDIENCE = 'approval-link';

/** One-time links as JWS with HMAC-SHA256. `secret`: at least 32 characters, the same for all gateways. Source: RFC 7515, 7519. */
export function createApprovalLinks(secret: string): ApprovalLinks {
  const key = new TextEncoder().encode(secret);
  return {
    sign: (claims, expiresAt) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key),
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, { audience: AUDIENCE, algorithms: ['HS256'] });
        return claimsOf(payload) ?? 'invalid';
      } catch (error) {
        return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
      }
    },
  };
}

function claimsOf(payload: Record<string, unknown>): LinkClaims | undefined {
  const { tenant, runId, approvalId, by, actions } = payload;
  const texts = [tenant, runId, approvalId, by].every((text) => typeof text === 'string');
  if (!texts || !Array.isArray(actions)) return undefined;
  const known = APPROVAL_ACTIONS.filter((action) => actions.includes(action));
  return { tenant, runId, approvalId, by, actions: known } as LinkClaims;
}
