import { validateHeaderValue } from 'node:http';
import { isToolCallError, ToolCallError } from '../../../contract/tool-error.js';
import { HTTP_TOOL } from '../../secrets/config-schema.js';
import { hasReference } from '../../secrets/reference.js';
import type { Secrets } from '../../secrets/secrets.js';

/** Gives the headers of one request as they go out to this address. `redirected`: another address was asked for. */
export type HeadersFor = (headers: Record<string, string>, url: URL, redirected: boolean) => Record<string, string>;

/**
 * Replaces references in the values of headers, address by address, so that a redirect takes no secret along to where it may not go,
 * and adds those headers that the operator wants sent there.
 * The function throws a ToolCallError `refused` where the address that was asked for may not get a secret.
 */
export function secretHeaders(secrets: Secrets, tenant: string | undefined): HeadersFor {
  return (headers, url, redirected) => {
    const use = { tool: HTTP_TOOL, url, ...(tenant !== undefined && { tenant }) };
    const filled = Object.entries(headers).flatMap(([name, value]): [string, string][] => {
      if (!hasReference(value)) return [[name, value]];
      try {
        return [[name, secrets.fill(value, use)]];
      } catch (error) {
        if (redirected && isToolCallError(error)) return [];
        throw error;
      }
    });
    const all = { ...Object.fromEntries(filled), ...secrets.headers(use) };
    for (const [name, value] of Object.entries(all)) check(name, value);
    return all;
  };
}

/** Said without the value, which the client itself would quote. */
function check(name: string, value: string): void {
  try {
    validateHeaderValue(name, value);
  } catch {
    throw new ToolCallError('failed', `headers: '${name}' has a secret whose value no header can carry`);
  }
}
