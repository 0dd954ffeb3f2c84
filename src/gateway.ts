import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './api/app.js';
import { composeGateway } from './compose.js';
import { composeTelemetry } from './compose-telemetry.js';
import { observeTemporal } from './adapters/telemetry/gauges.js';
import { modelQueueOf } from './contract/models.js';
import { loadConfig, requireGuarded } from './config.js';
import { createHttpServer } from './http-server.js';
import type { ModelRegistry } from './ports.js';
import { runProcess, StartError, stopSignal, tellReady } from './process.js';

await runProcess(async () => {
  const config = loadConfig();
  requireGuarded(config);
  const stop = stopSignal();
  const telemetry = composeTelemetry(config, 'gateway');
  const { deps, client, close } = await composeGateway(config, telemetry, stop);
  observeTemporal(telemetry.metrics.meter, client, queuesOf(config.TASK_QUEUE, deps.models));
  await telemetry.serve();
  const app = createApp({ ...deps, requests: telemetry.requests, scrapeMetrics: telemetry.metrics.scrape });
  const server = createHttpServer(app.fetch, config.HOST);
  await listen(server, config.PORT, config.HOST);
  const { port } = server.address() as AddressInfo;
  deps.logger.info({ host: config.HOST, port, temporal: config.temporal.connectionOptions.address }, 'gateway serving');
  tellReady(port);

  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  deps.logger.info({}, 'gateway stopping');
  await drain(server, config.SHUTDOWN_GRACE_SECONDS * 1000);
  await close();
  await telemetry.shutdown();
});

/** The queue of runs, and those of models with a limited rate. */
function queuesOf(queue: string, models: ModelRegistry): string[] {
  const limited = models.names().filter((name) => models.facts(name)?.rpm !== undefined);
  return [queue, ...limited.map((name) => modelQueueOf(queue, name))];
}

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
