import type { Context } from 'hono';
import type { AppEnv } from './env.js';

/**
 * Refuses whoever may not administer this tenant. Callers are not authenticated yet: on loopback, the only place where what it
 * guards is served, all of them are the operator.
 */
export function requireTenantAdmin(_context: Context<AppEnv>, _tenant: string): void {
  return undefined;
}
