import type { AppDeps } from './env.js';
import { Problem } from './errors.js';

/**
 * The endpoints that a start names, each once: what it is started with. Empty where it names none.
 * Throws `invalid_request` where one is not there, and `store_unavailable`.
 */
export async function namedWebhooks(
  { webhooks }: Pick<AppDeps, 'webhooks'>,
  tenant: string,
  ids: readonly string[] | undefined,
): Promise<{ webhooks?: string[] }> {
  if (!ids || ids.length === 0) return {};
  const unknown = await webhooks.unknown(tenant, ids);
  if (unknown.length > 0) {
    throw new Problem('invalid_request', 'The body names webhooks that are not there; see errors', {
      errors: ids.flatMap((id, at) =>
        unknown.includes(id) ? [{ path: `webhooks.${at}`, message: `There is no webhook '${id}'` }] : [],
      ),
    });
  }
  return { webhooks: [...new Set(ids)].sort() };
}
