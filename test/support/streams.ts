import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createRunWatch } from '../../src/adapters/temporal/watch.js';
import type { RunEvent } from '../../src/contract/events.js';
import { testApp } from './app.js';
import type { CrewWorld } from './crew-world.js';

/** One server-sent event. */
export interface Sent {
  id?: string;
  event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the event has
  data: any;
}

/** Reads server-sent events as they come, comments and `retry` left out; throws where the stream is cut. */
export async function* sentEvents(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Sent> {
  for await (const block of piecesOf(body, '\n\n')) {
    const fields = new Map(block.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]));
    const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
    if (event !== undefined) yield { event, data: JSON.parse(data ?? ''), ...(id !== undefined && { id }) };
  }
}

/** The pieces of a body between separators, as they come. */
export async function* piecesOf(body: ReadableStream<Uint8Array> | null, separator: string): AsyncGenerator<string> {
  if (!body) throw new Error('no body');
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split(separator);
    rest = pieces.pop() ?? '';
    yield* pieces;
  }
}

/** All of a stream, to its end. */
export async function allSent(response: Response): Promise<Sent[]> {
  const all: Sent[] = [];
  for await (const one of sentEvents(response.body)) all.push(one);
  return all;
}

/** The numbered ones of a stream: the run's events. */
export function runEvents(sent: readonly Sent[]): RunEvent[] {
  return sent.filter(({ id }) => id !== undefined).map(({ data }) => data as RunEvent);
}

/** A gateway of a world, with a watch of its own. */
export function gatewayOf(
  world: CrewWorld,
  more: Parameters<typeof testApp>[0] & { watching?: Parameters<typeof createRunWatch>[2] } = {},
) {
  const { watching, ...deps } = more;
  const { runs, batches, schedules, threads } = world;
  return testApp({ runs, batches, schedules, threads, watch: createRunWatch(world.client, runs, watching), ...deps });
}

/** Serves a gateway, on a free port unless told. `close` cuts all connections, as a process that is killed does. */
export async function served(
  app: { fetch: Parameters<typeof getRequestListener>[0] },
  port = 0,
): Promise<{ url: string; close(): Promise<void> }> {
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/**
 * Reads a run over HTTP as EventSource does: comes again with the last id when the stream is cut, until `end` or 204.
 * `at` gives the gateway's address, which may change.
 */
export async function followOver(at: () => string, runId: string, onEvent?: (sent: Sent) => unknown): Promise<Sent[]> {
  const all: Sent[] = [];
  let last: string | undefined;
  for (;;) {
    try {
      const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
      const response = await fetch(`${at()}/v1/runs/${runId}/events`, { headers });
      if (response.status === 204) return all;
      for await (const sent of sentEvents(response.body)) {
        last = sent.id ?? last;
        all.push(sent);
        await onEvent?.(sent);
        if (sent.event === 'end') return all;
      }
    } catch {
      // Cut: once more.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
