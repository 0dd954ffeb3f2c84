import type { StoreCipher } from '../../ports.js';

/** What of a webhook is sealed in its row. */
type What = 'url' | 'description' | 'secrets' | 'request' | 'body' | 'attempts';

/**
 * How texts of webhooks lie in their rows: the one place where they are sealed and opened. Secrets have to be readable, for they
 * sign. `id`: of the endpoint or delivery whose text it is; it opens nowhere else. `open` throws an `EncryptionError`.
 */
export interface AtRest {
  seal(tenant: string, what: What, id: string, text: string): string;
  open(tenant: string, what: What, id: string, kept: string): string;
}

export function atRest(cipher: StoreCipher): AtRest {
  return {
    seal: (tenant, what, id, text) => cipher.seal(tenant, webhookKind(what, id), text),
    open: (tenant, what, id, kept) => cipher.open(tenant, webhookKind(what, id), kept),
  };
}

/** What the cipher knows a webhook's text by. */
export function webhookKind(what: What, id: string): string {
  return `webhook-${what}:${id}`;
}
