import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';

/** How long clients may take. */
export interface ServerTimes {
  /** To send a whole request. */
  requestMs: number;
  /** To send its headers. */
  headersMs: number;
  /** How often it is looked whether one is over time. */
  checkMs: number;
  /** To take something of an answer that waits for them. */
  stalledMs: number;
}

const TIMES: ServerTimes = { requestMs: 30_000, headersMs: 10_000, checkMs: 2_000, stalledMs: 60_000 };

/**
 * A server that cuts clients who send too slowly, or too many headers, or who do not read. Answers may take as long as they like:
 * streams do.
 */
export function createHttpServer(
  fetch: Parameters<typeof getRequestListener>[0],
  hostname: string,
  times: ServerTimes = TIMES,
): Server {
  const answer = getRequestListener(fetch, { hostname });
  const server = createServer(
    {
      requestTimeout: times.requestMs,
      headersTimeout: times.headersMs,
      connectionsCheckingInterval: times.checkMs,
      maxHeaderSize: 16_384,
    },
    (request, response) => void answer(request, response),
  );
  server.maxHeadersCount = 100;
  // Without traffic for so long: who waits for an answer may wait, who lets one lie would hold its connection for ever.
  server.setTimeout(times.stalledMs, (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
  return server;
}
