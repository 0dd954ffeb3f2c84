import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { HttpTarget, McpServer, StdioTarget } from '../../../src/adapters/mcp/config.js';
import { createMcpSource } from '../../../src/adapters/mcp/source.js';
import type { ToolSource } from '../../../src/adapters/tools/source.js';
import type { ToolCallOptions } from '../../../src/ports.js';
import { freePort } from '../../support/free-port.js';
import { memoryLogger, type LogLine } from '../../support/logger.js';

/** The program of a published server. */
export function program(name: 'server-everything' | 'server-filesystem'): string {
  const manifest = createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/package.json`);
  return join(dirname(manifest), 'dist/index.js');
}

/** A configured server that is a process. */
export function stdio(name: string, args: string[], more: Partial<McpServer> & { env?: Record<string, string> } = {}) {
  const { env = {}, ...rest } = more;
  return configured(name, { kind: 'stdio', command: process.execPath, args, env }, rest);
}

export function everything(more: Partial<McpServer> & { env?: Record<string, string> } = {}): McpServer {
  return stdio('everything', [program('server-everything')], more);
}

/** A configured server that is reached over HTTP. */
export function http(url: string, more: Partial<McpServer> & { headers?: Record<string, string> } = {}): McpServer {
  const { headers = {}, ...rest } = more;
  return configured('web', { kind: 'http', url, headers }, rest);
}

function configured(name: string, target: StdioTarget | HttpTarget, more: Partial<McpServer>): McpServer {
  return {
    name,
    target,
    timeoutMs: 60_000,
    connectTimeoutMs: 30_000,
    deny: [],
    cacheable: false,
    secrets: [],
    ...more,
  };
}

/** A source under test, with what it logged. */
export interface Mcp {
  source: ToolSource;
  lines: LogLine[];
  /** The process groups of the servers that it connected to, in order. */
  groups(): number[];
}

/** Runs a test with a source, which is closed afterwards. */
export async function withMcp(servers: McpServer[], test: (mcp: Mcp) => Promise<void>): Promise<void> {
  const logger = memoryLogger();
  const source = createMcpSource({ servers, logger, clientVersion: '1.2.3' });
  const groups = () =>
    logger.lines
      .filter(({ message }) => message === 'MCP server connected')
      .map(({ fields }) => (fields as { pid: number }).pid);
  try {
    await test({ source, lines: logger.lines, groups });
  } finally {
    await source.close?.();
  }
}

export function options(more: Partial<ToolCallOptions> = {}): ToolCallOptions {
  return { signal: new AbortController().signal, timeoutMs: 30_000, idempotencyKey: 'crew/t/r/act/1', ...more };
}

/** The processes of a group that are alive: pid and command. */
export function processesOf(group: number): { pid: number; command: string }[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match && Number(match[2]) === group && !match[3]?.startsWith('Z')
        ? [{ pid: Number(match[1]), command: match[4] ?? '' }]
        : [],
    );
}

/** The server itself: not the shell that watches over it. */
export function serverPid(group: number): number {
  const found = processesOf(group).find(({ command }) => !command.startsWith('/bin/sh'));
  if (!found) throw new Error(`no server in the group ${group}`);
  return found.pid;
}

/** Waits for something to become true. */
export async function until(what: string, check: () => boolean, withinMs = 45_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!check()) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The published server in its HTTP mode. `port` 0: a free one. */
export async function startEverythingOverHttp(
  port = 0,
  onOutput: (chunk: string) => void = () => undefined,
): Promise<{ url: string; port: number; child: ChildProcess }> {
  const own = port === 0 ? await freePort() : port;
  const child = spawn(process.execPath, [program('server-everything'), 'streamableHttp'], {
    env: { PATH: process.env.PATH, PORT: String(own) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', onOutput);
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  await until('the server listens', () => said.includes('listening') || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(said);
  return { url: `http://127.0.0.1:${own}/mcp`, port: own, child };
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** A JSON-RPC message as it came; of requests other than POST: the HTTP method alone. */
export interface Rpc {
  id?: number;
  method: string;
  params?: { cursor?: string; name?: string; requestId?: number; _meta?: Record<string, unknown> };
}

/** Answers a message by itself (true), or leaves it to the ordinary answers. */
export type Misbehave = (rpc: Rpc, response: ServerResponse, request: IncomingMessage) => boolean;

/** A server over HTTP that does what published ones do not when asked to: lie, break off, refuse. */
export async function withOddServer(
  misbehave: Misbehave,
  test: (url: string, seen: Rpc[]) => Promise<void>,
): Promise<void> {
  const seen: Rpc[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'POST') {
      if (misbehave({ method: request.method ?? '' }, response, request)) return;
      return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const rpc = JSON.parse(body) as Rpc;
    seen.push(rpc);
    if (misbehave(rpc, response, request)) return;
    if (rpc.id === undefined) return void response.writeHead(202).end();
    reply(response, rpc, ordinary(rpc));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Answers a message with a result. */
export function reply(response: ServerResponse, { id }: Rpc, result: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

/** Answers a message with an error of the protocol. */
export function fail(response: ServerResponse, { id }: Rpc, code: number, message: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } }));
}

function ordinary({ method }: Rpc): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'odd', version: '1' },
      };
    case 'tools/list':
      return { tools: [{ name: 'do', inputSchema: { type: 'object' } }] };
    default:
      return { content: [{ type: 'text', text: 'done' }] };
  }
}
