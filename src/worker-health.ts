import { createServer } from 'node:http';
import type { Worker } from '@temporalio/worker';
import { listening, type Listening } from './adapters/net/listening.js';
import type { TemporalClient } from './adapters/temporal/connection.js';
import { StartError } from './process.js';

/** How long Temporal may take to answer before it counts as not reachable: less than a probe waits. */
const TEMPORAL_TIMEOUT_MS = 2_000;

/**
 * What probes ask a worker, on a port of its own. `/healthz`: this process answers, so its event loop is not stuck. `/readyz`: all of its
 * workers run, and Temporal can be reached. Nothing routes to a worker: readiness is what a rollout waits for.
 * @throws StartError where the port cannot be opened
 */
export async function serveWorkerHealth(
  port: number,
  workers: readonly Pick<Worker, 'getState'>[],
  client: TemporalClient,
): Promise<Listening> {
  const server = createServer((request, response) => {
    const answer = (code: number, body: object) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/healthz') answer(200, { status: 'ok' });
    else if (request.url === '/readyz')
      void readiness(workers, client).then((checks) => {
        const ok = checks.temporal === 'ok' && checks.workers.every((state) => state === 'RUNNING');
        answer(ok ? 200 : 503, { status: ok ? 'ok' : 'unavailable', checks });
      });
    else answer(404, { status: 'not_found' });
  });
  try {
    // Probes come from outside of the container; there is nothing to be had here but these answers.
    return await listening(server, port, '0.0.0.0');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`WORKER_HEALTH_PORT=${port} cannot be opened: ${code}`);
  }
}

async function readiness(workers: readonly Pick<Worker, 'getState'>[], client: TemporalClient) {
  const states = workers.map((worker) => worker.getState());
  try {
    await client.withDeadline(Date.now() + TEMPORAL_TIMEOUT_MS, () =>
      client.connection.workflowService.getSystemInfo({}),
    );
    return { temporal: 'ok' as const, workers: states };
  } catch {
    return { temporal: 'unreachable' as const, workers: states };
  }
}
