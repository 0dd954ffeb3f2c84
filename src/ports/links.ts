import type { ApprovalAction } from '../contract/views.js';

/** What a one-time link lets its holder do. */
export interface LinkClaims {
  tenant: string;
  runId: string;
  approvalId: string;
  /** Who was given the link: the decision is theirs. */
  by: string;
  /** The actions that the holder may take. */
  actions: ApprovalAction[];
}

/** Signs and reads the tokens of one-time links. */
export interface ApprovalLinks {
  /** `expiresAt`: in milliseconds since the epoch. */
  sign(claims: LinkClaims, expiresAt: number): Promise<string>;
  /** `expired`, or `invalid` where the token is not one of ours. Never rejects. */
  read(token: string): Promise<LinkClaims | 'expired' | 'invalid'>;
}
