import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PostgresWebhooks } from '../../src/adapters/webhooks/index.js';
import type { OutgoingEvent } from '../../src/ports.js';
import { eventually } from './crew-world.js';

/** Settings of a dispatcher that looks for work all the time, and gives the receivers of a busy machine theirs. */
export const BUSY_DISPATCHER = {
  timeoutMs: 60_000,
  userAgent: 'test',
  pollMs: 20,
  disableAfterMs: 3_600_000,
  retentionMs: 3_600_000,
};

/** What a receiver was sent. */
export interface Got {
  /** `webhook-id` */
  id: string;
  headers: IncomingHttpHeaders;
  path: string;
  body: string;
  /** Unix time in ms. */
  at: number;
}

/** A receiver of webhooks, over real HTTP. */
export interface Receiver {
  url: string;
  /** In the order that it came. */
  got: Got[];
  connections(): number;
  close(): void;
}

/** Starts a receiver; `answer` is called with all that came, the last one to be answered. Absent: 204. */
export async function startReceiver(
  answer: (got: Got[], respond: ServerResponse) => void = (_got, respond) => respond.writeHead(204).end(),
): Promise<Receiver> {
  const got: Got[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const id = String(request.headers['webhook-id']);
      got.push({ id, headers: request.headers, path: request.url ?? '', body, at: Date.now() });
      answer(got, response);
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    connections: () => connections,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An event of the run `r`. */
export function eventOf(tenant: string, seq: number, type: 'run.started' | 'task.cancelled' = 'run.started') {
  const event = {
    id: `r:${seq}`,
    seq,
    type,
    time: new Date().toISOString(),
    runId: 'r',
    crew: 'c',
    data: { inputs: ['t\u00e9'] },
  };
  return { tenant, event } as OutgoingEvent;
}

/** Waits for a delivery of an endpoint to have a status. */
export function deliveryThatIs(webhooks: PostgresWebhooks, tenant: string, id: string, wanted: string) {
  return eventually(`a delivery to be ${wanted}`, async () => {
    const { deliveries } = await webhooks.deliveries(tenant, id, { limit: 10 });
    return deliveries.find(({ status }) => status === wanted);
  });
}
