import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { parseAllowedHost } from '../../../src/adapters/tools/http/allow-list.js';
import { httpRequestTool, type HttpToolSettings } from '../../../src/adapters/tools/http/index.js';
import { testTool } from '../../../src/authoring/index.js';

/** The tool as it is configured for tests: hosts by their names, loopback allowed unless a test says otherwise. */
export function toolFor(hosts: string[], given: Partial<HttpToolSettings> = {}) {
  const allow = hosts.map((entry) => parseAllowedHost(entry) ?? assert.fail(entry));
  return httpRequestTool({ allow, allowPrivate: true, maxBytes: 100_000, timeoutMs: 30_000, ...given });
}

/** What a call gives. */
export async function requested(tool: ReturnType<typeof toolFor>, args: Record<string, unknown>): Promise<string> {
  return (await testTool(tool, args, { idempotencyKey: 'crew/default/run1/find/tool/1' })).content;
}

/** What a request carries. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
