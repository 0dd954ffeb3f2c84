import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { chunk } from './lying-endpoint.js';

/** How an answer goes on without an end. */
export type Endless = keyof typeof WAYS;

/** An endpoint whose answers do not end. */
export interface EndlessModel {
  /** Ends with `/v1`. */
  url: string;
  /** Requests so far. */
  requests(): number;
  /** Answers that are still being written. */
  open(): number;
  /** Bytes that were written in all. */
  bytes(): number;
  close(): Promise<void>;
}

const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const called = (call: object) => event(chunk({ tool_calls: [call] }));
const long = 'x'.repeat(1_000);

interface Way {
  status?: number;
  type?: string;
  gzip?: boolean;
  /** What is said first, and then again and again; nothing: it falls silent. */
  begin: string;
  then: string;
}

const WAYS = {
  text: { begin: '', then: event(chunk({ content: long })) },
  'text, packed': { gzip: true, begin: '', then: event(chunk({ content: long })) },
  'comments and no text': { begin: '', then: ': still there\n\n' },
  'events with nothing in them': { begin: '', then: event(chunk({ content: '' })) },
  'one line': { begin: 'data: {"choices":[{"delta":{"content":"', then: long },
  'one event of many lines': { begin: '', then: `data: ${long}\n` },
  'one empty line that never comes': { begin: '', then: '\r\n:' },
  'arguments of a call': {
    begin: called({ index: 0, id: 'a', function: { name: 'find', arguments: '{"q":"' } }),
    then: called({ index: 0, function: { arguments: long } }),
  },
  'arguments in small pieces, with the name each time': {
    begin: '',
    then: called({ index: 0, function: { name: 'find', arguments: '{"a":' } }),
  },
  'calls of tools': { begin: '', then: called({ index: 0, id: '', function: { name: 'find', arguments: '{}' } }) },
  'JSON in one piece': { type: 'application/json', begin: '{"choices":[{"message":{"content":"', then: long },
  'an error': { status: 500, type: 'application/json', begin: '{"error":{"message":"', then: long },
  'a web page': { type: 'text/html', begin: '<html>', then: long },
  'a text, then silence': { begin: event(chunk({ content: 'so ' })), then: '' },
  silence: { begin: '', then: '' },
} as const satisfies Record<string, Way>;

/** Starts it: each request is answered in this way. */
export async function startEndlessModel(way: Endless): Promise<EndlessModel> {
  let [requests, open, bytes] = [0, 0, 0];
  const server = createServer((request, response) => {
    requests += 1;
    open += 1;
    response.on('close', () => (open -= 1));
    request.resume();
    pour(WAYS[way], response, (count) => (bytes += count)).catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: () => requests,
    open: () => open,
    bytes: () => bytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As fast as it is taken, for as long as it is. */
async function pour(way: Way, response: ServerResponse, count: (bytes: number) => void): Promise<void> {
  const { status = 200, type = 'text/event-stream', gzip = false, begin, then } = way;
  response.writeHead(status, { 'content-type': type, ...(gzip && { 'content-encoding': 'gzip' }) });
  response.flushHeaders();
  const packer = gzip ? createGzip() : undefined;
  packer?.pipe(response);
  const out = packer ?? response;
  const gone = once(response, 'close');
  if (begin !== '') out.write(begin);
  const block = then.repeat(Math.ceil(64_000 / Math.max(then.length, 1)));
  while (then !== '' && !response.destroyed) {
    count(block.length);
    if (!out.write(block)) await Promise.race([once(out, 'drain'), gone]);
    // Others get their turn.
    else await new Promise(setImmediate);
  }
  packer?.destroy();
}
