import { createServer } from 'node:http';
import type { Worker } from '@temporalio/worker';
import type { Intake } from './adapters/kafka/intake.js';
import { listening, type Listening } from './adapters/net/listening.js';
import type { TemporalClient } from './adapters/temporal/connection.js';
import { StartError } from './process.js';

/** How long Temporal may take to answer before it counts as not reachable: less than a probe waits. */
const TEMPORAL_TIMEOUT_MS = 2_000;

/** Whether a part does its work, and what it says of that. */
interface PartHealth {
  ok: boolean;
  checks: Record<string, unknown>;
}

/**
 * What probes ask a part that serves nothing else, on a port of its own. `/healthz`: this process answers, so its event loop is not stuck.
 * `/readyz`: it does its work, and Temporal can be reached. Nothing routes to such a part: readiness is what a rollout waits for.
 * @throws StartError where the port cannot be opened
 */
export async function serveHealth(port: number, client: TemporalClient, part: () => PartHealth): Promise<Listening> {
  const server = createServer((request, response) => {
    const answer = (code: number, body: object) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/healthz') answer(200, { status: 'ok' });
    else if (request.url === '/readyz')
      void reachable(client).then((temporal) => {
        const { ok, checks } = part();
        const ready = temporal === 'ok' && ok;
        answer(ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', checks: { temporal, ...checks } });
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

/** A worker process does its work while all of its workers run: not from the moment that one drains. */
export function workersHealth(workers: readonly Pick<Worker, 'getState'>[]): PartHealth {
  const states = workers.map((worker) => worker.getState());
  return { ok: states.every((state) => state === 'RUNNING'), checks: { workers: states } };
}

/** An intake does its work while it is in its group: events come to it. */
export function intakeHealth(intake: Pick<Intake, 'inGroup'> | undefined): PartHealth {
  const ok = intake?.inGroup() === true;
  return { ok, checks: { kafka: ok ? 'ok' : 'not in the group' } };
}

async function reachable(client: TemporalClient): Promise<'ok' | 'unreachable'> {
  try {
    await client.withDeadline(Date.now() + TEMPORAL_TIMEOUT_MS, () =>
      client.connection.workflowService.getSystemInfo({}),
    );
    return 'ok';
  } catch {
    return 'unreachable';
  }
}
