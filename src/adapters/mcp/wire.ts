import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Agent, fetch, Response, type RequestInit as UndiciInit } from 'undici';
import { AnswerWatch, MAX_RESUMES } from './answer-watch.js';
import { beginning, boundedMessage, boundedMessages } from './message-bounds.js';
import type { HttpTarget, McpServer, StdioTarget } from './config.js';
import { ProcessTransport } from './process-transport.js';
import { boundedLines } from './stderr-lines.js';

/** Longest time for a TCP and TLS connection. */
const CONNECT_MS = 10_000;
/** Longest time that a server gets to end a session. */
const GOODBYE_MS = 2_000;

/** How a server is spoken to. */
export interface Wire {
  transport: Transport;
  /** Tells the server that we go, and lets go of everything. After this the transport is of no use. */
  end(): Promise<void>;
  /** Of a process: how it ended, in words. */
  exit(): string | undefined;
  /** For logs. */
  facts(): object;
}

/** A new, unconnected wire. `onLine` gets what a process writes to stderr. */
export function wireOf({ target }: McpServer, onLine: (line: string) => void): Wire {
  if (target.kind === 'http') return httpWire(target);
  return process.platform === 'win32' ? windowsWire(target, onLine) : processWire(target, onLine);
}

function processWire(target: StdioTarget, onLine: (line: string) => void): Wire {
  const transport = new ProcessTransport(target, boundedLines(onLine));
  return {
    transport,
    end: () => transport.close(),
    exit: () => transport.exit,
    facts: () => ({ pid: transport.pid }),
  };
}

function windowsWire({ kind: _, ...target }: StdioTarget, onLine: (line: string) => void): Wire {
  const transport = new StdioClientTransport({ ...target, stderr: 'pipe' });
  const lines = boundedLines(onLine);
  transport.stderr?.on('data', (chunk: Buffer) => lines(chunk.toString('utf8')));
  return {
    transport,
    end: () => transport.close(),
    exit: () => undefined,
    facts: () => ({ pid: transport.pid }),
  };
}

function httpWire({ url, headers }: HttpTarget): Wire {
  // A tool may be silent for longer than undici waits by itself: how long a call may take is said per call.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_MS } });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: watchedFetch(agent),
    requestInit: { headers },
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      reconnectionDelayGrowFactor: 1.5,
      maxReconnectionDelay: 5_000,
      maxRetries: MAX_RESUMES,
    },
  });
  return {
    transport,
    async end() {
      const goodbye = transport.terminateSession().catch(() => undefined);
      await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
      await transport.close();
      await agent.destroy();
    },
    exit: () => undefined,
    facts: () => ({ url: new URL(url).origin }),
  };
}

/** `fetch` over our own connections, which tells the watch of the request what becomes of its streams. */
function watchedFetch(dispatcher: Agent): FetchLike {
  const watched = async (url: string | URL, init: UndiciInit): Promise<Response> => {
    const watch = AnswerWatch.current;
    const isResume = init.method === 'GET';
    let response: Response;
    try {
      // Followed, a redirect takes headers with keys in them to wherever it leads.
      response = await fetch(url, { ...init, dispatcher, redirect: 'manual' });
    } catch (error) {
      if (isResume) watch?.resumeFailed();
      throw error;
    }
    if (!response.body) return response;
    // 405: the server has no such streams, and the SDK takes that for an answer.
    if (isResume && !response.ok) watch?.resumeFailed(response.status === 405);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!response.ok) return withBody(response, beginning(response.body));
    if (!isStream) return withBody(response, boundedMessage(response.body));
    const messages = boundedMessages(response.body);
    return withBody(response, watch ? watch.follow(messages) : messages);
  };
  // The SDK is typed on the global fetch, which is the same by another version of undici.
  return watched as unknown as FetchLike;
}

/** A response with its body read otherwise. */
function withBody({ status, statusText, headers }: Response, body: AsyncIterable<Uint8Array>): Response {
  return new Response(ReadableStream.from(body), { status, statusText, headers });
}
