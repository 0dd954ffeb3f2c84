import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

const SECRET_BYTES = 32;

/** Secrets that sign at the same time, at most: more rotations within an overlap drop the oldest. */
const MAX_SECRETS = 5;

/** A secret, and until when it signs: the newest for ever. */
export interface Secret {
  secret: string;
  /** Unix time in ms. */
  until?: number;
}

/** A secret as Standard Webhooks writes it: `whsec_` and Base64. */
export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** The secrets after a rotation, the new one first. Rotated twice within the overlap, the first one signs on as well. */
export function rotated(secrets: readonly Secret[], secret: string, now: number, until: number): Secret[] {
  const old = valid(secrets, now).map((one) => ({ secret: one.secret, until: Math.min(one.until ?? until, until) }));
  return [{ secret }, ...old].slice(0, MAX_SECRETS);
}

/** The header `webhook-signature`: one signature for each secret that is valid, separated by blanks. */
export function signatures(
  secrets: readonly Secret[],
  { id, at, body }: { id: string; at: Date; body: string },
): string {
  return valid(secrets, at.getTime())
    .map(({ secret }) => new Webhook(secret).sign(id, at, body))
    .join(' ');
}

function valid(secrets: readonly Secret[], now: number): Secret[] {
  return secrets.filter(({ until }) => until === undefined || until > now);
}
