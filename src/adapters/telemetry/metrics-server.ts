import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScrapeMetrics } from '../../ports.js';

/** A server of `/metrics` alone. */
export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Serves `/metrics` on a port of its own, with nothing else on it. Rejects where the port cannot be opened. */
export async function serveMetrics(host: string, port: number, scrape: ScrapeMetrics): Promise<MetricsServer> {
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Source: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
