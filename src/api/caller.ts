import type { Context } from 'hono';
import { DEFAULT_TENANT } from '../contract/ids.js';
import type { Caller } from '../ports.js';
import type { AppEnv } from './env.js';
import { Problem } from './errors.js';

/** Who calls where callers are not authenticated: everybody, who may do everything. */
export const OPEN_CALLER: Caller = { kind: 'open', name: 'anonymous', tenant: DEFAULT_TENANT, scopes: ['admin'] };

/** Who calls. Of routes that are open, the gateway knows nobody. */
export function callerOf(context: Context<AppEnv>): Caller {
  const caller = context.get('caller');
  if (!caller) throw new Error('an open route asked who calls');
  return caller;
}

/** Whose things a request is about. */
export function tenantIn(context: Context<AppEnv>): string {
  return callerOf(context).tenant;
}

/**
 * In whose name something is decided, said or ended: the caller's. Where callers are not authenticated, whoever they say.
 * Throws `invalid_request` where an authenticated caller gives another name.
 */
export function nameOf(caller: Caller, by: string | undefined): string {
  if (caller.kind === 'open') return by ?? caller.name;
  if (by === undefined || by === caller.name) return caller.name;
  const message = `You are '${caller.name}': leave it out, or give that name`;
  throw new Problem('invalid_request', 'Nobody acts in the name of another; see errors', {
    errors: [{ path: 'by', message }],
  });
}
