import { createServer } from 'node:http';
import { PROMETHEUS_TYPE } from '../../contract/telemetry.js';
import type { ScrapeMetrics } from '../../ports.js';
import { listening, type Listening } from '../net/listening.js';

const TIMEOUT_MS = 10_000;

/** Serves `/metrics` on a port of its own, with nothing else on it. Rejects where the port cannot be opened. */
export async function serveMetrics(host: string, port: number, scrape: ScrapeMetrics): Promise<Listening> {
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS },
    (request, response) =>
      void (async () => {
        if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
          response.writeHead(404).end('only GET /metrics is here\n');
          return;
        }
        try {
          const text = await scrape();
          response.writeHead(200, { 'content-type': PROMETHEUS_TYPE }).end(text);
        } catch {
          response.writeHead(500).end('the measurements could not be read\n');
        }
      })(),
  );
  return listening(server, port, host);
}
