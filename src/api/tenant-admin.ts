import type { Context } from 'hono';
import { callerOf } from './caller.js';
import type { AppEnv } from './env.js';
import { Problem } from './errors.js';

/**
 * Refuses whoever is not of this tenant; that they administer it says the scope of the route. Where callers are not authenticated,
 * which is on loopback alone, all of them are the operator. Throws `not_found`, as of everything that another tenant has.
 */
export function requireTenantAdmin(context: Context<AppEnv>, tenant: string): void {
  const caller = callerOf(context);
  if (caller.kind === 'open' || caller.tenant === tenant) return;
  throw new Problem('not_found', 'There is nothing under this address for you: it is of another tenant');
}
