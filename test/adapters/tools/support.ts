import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isToolCallError, type ToolCallError } from '../../../src/contract/tool-error.js';
import type { ToolCallOptions } from '../../../src/ports.js';

/** What a call is made with, where the test does not care. */
export function callOptions(given: Partial<ToolCallOptions> = {}): ToolCallOptions {
  return { signal: new AbortController().signal, timeoutMs: 10_000, idempotencyKey: 'crew/t/run/1', ...given };
}

/** The ToolCallError that a call fails with; any other error, or none, fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<ToolCallError> {
  try {
    await call;
  } catch (error) {
    assert.ok(isToolCallError(error), `expected a ToolCallError, got ${String(error)}`);
    return error;
  }
  return assert.fail('expected a ToolCallError, got a result');
}

/** A folder of its own, gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A real server on a free port of 127.0.0.1, closed afterwards. */
export async function withServer(listener: RequestListener, work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
