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
    throw new Problem('invalid_request', 'Webhooks are named that are not there; see errors', {
      errors: ids.flatMap((id, at) =>
        unknown.includes(id) ? [{ path: `webhooks.${at}`, message: `There is no webhook '${id}'` }] : [],
      ),
    });
  }
  return { webhooks: [...new Set(ids)].sort() };
}

/** Of the endpoints that another run was started with, those that are still there. Throws `store_unavailable`. */
export async function takenOverWebhooks(
  { webhooks }: Pick<AppDeps, 'webhooks'>,
  tenant: string,
  ids: readonly string[] = [],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const gone = await webhooks.unknown(tenant, ids);
  return ids.filter((id) => !gone.includes(id));
}
