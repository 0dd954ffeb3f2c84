import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createApp } from './api/app.js';
import { composeGateway, composeTelemetry } from './compose.js';
import { loadConfig } from './config.js';
import { runProcess, StartError, stopSignal, tellReady } from './process.js';

/** How long a client may take to send a request, and its headers. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;

await runProcess(async () => {
  const config = loadConfig();
  const stop = stopSignal();
  const telemetry = composeTelemetry(config);
  const { deps, connection, tokens, webhooks } = await composeGateway(config, telemetry, stop);
  const app = createApp(deps);
  const answer = getRequestListener(app.fetch, { hostname: config.HOST });
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    (request, response) => void answer(request, response),
  );
  await listen(server, config.PORT, config.HOST);
  const { port } = server.address() as AddressInfo;
  deps.logger.info({ host: config.HOST, port, temporal: config.temporal.connectionOptions.address }, 'gateway serving');
  tellReady(port);

  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  deps.logger.info({}, 'gateway stopping');
  await drain(server, config.SHUTDOWN_GRACE_SECONDS * 1000);
  await connection.close();
  await tokens.close();
  await webhooks.close();
  await deps.store.close();
  await telemetry.shutdown();
});

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'is in use; stop what uses it, or set PORT to another'
          : `cannot be opened: ${error.code}`;
      reject(new StartError(`Port ${port} on ${host} ${why}`));
    });
    server.listen(port, host, resolve);
  });
}

/** Takes no new connections, lets what is being answered finish, and cuts what takes longer than the grace. */
async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
