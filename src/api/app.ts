import { secureHeaders } from 'hono/secure-headers';
import type { AppDeps } from './env.js';
import { errorResponse, Problem } from './errors.js';
import { bodySize, requestLog, sameHostOnly } from './guard.js';
import { createRouter, refuseOtherMethods } from './openapi.js';
import { approvalRoutes } from './routes/approvals.js';
import { artifactRoutes } from './routes/artifacts.js';
import { batchRoutes } from './routes/batches.js';
import { controlRoutes } from './routes/control.js';
import { forkRoutes } from './routes/forks.js';
import { definitionRoutes } from './routes/definitions.js';
import { codecRoutes } from './routes/codec.js';
import { crewRoutes } from './routes/crews.js';
import { eventRoutes } from './routes/events.js';
import { executeRoutes } from './routes/execute.js';
import { healthRoutes } from './routes/health.js';
import { linkRoutes } from './routes/links.js';
import { inboxRoutes } from './routes/inbox.js';
import { runRoutes } from './routes/runs.js';
import { scheduleRoutes } from './routes/schedules.js';

/** The gateway: HTTP in front of the ports. Holds no state; `app.request(…)` serves tests without a socket. */
export function createApp(deps: AppDeps) {
  const app = createRouter();
  app.use(requestLog(deps));
  // Served over plain HTTP on loopback: whether to insist on TLS is the ingress's to say.
  // With no referrer at all, browsers send forms with no origin, and ours would be refused.
  app.use(secureHeaders({ strictTransportSecurity: false, referrerPolicy: 'same-origin' }));
  app.use(sameHostOnly(deps));
  // Before the bound of bodies: payloads are larger.
  app.route('/', codecRoutes(deps));
  app.use(bodySize);
  app.onError((error, context) => errorResponse(error, context, deps.logger));
  app.notFound((context) =>
    errorResponse(new Problem('not_found', 'There is nothing under this address'), context, deps.logger),
  );

  app.route('/', executeRoutes(deps));
  app.route('/', runRoutes(deps));
  app.route('/', eventRoutes(deps));
  app.route('/', approvalRoutes(deps));
  app.route('/', inboxRoutes(deps));
  app.route('/', controlRoutes(deps));
  app.route('/', forkRoutes(deps));
  app.route('/', linkRoutes(deps));
  app.route('/', artifactRoutes(deps));
  app.route('/', batchRoutes(deps));
  app.route('/', scheduleRoutes(deps));
  app.route('/', crewRoutes(deps));
  app.route('/', definitionRoutes(deps));
  app.route('/', healthRoutes(deps));

  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Agent orchestration service',
      version: deps.settings.version,
      description: 'Durable multi-agent crews: start, watch and steer runs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [
      { name: 'Agents', description: 'The call of other services' },
      { name: 'Runs', description: 'Runs of crews' },
      { name: 'Approvals', description: 'Decisions of people' },
      { name: 'Batches', description: 'One crew with many inputs' },
      { name: 'Schedules', description: 'Runs at given times' },
      { name: 'Crews', description: 'What can be run' },
      { name: 'Codec', description: 'Encrypted payloads for the Temporal UI and CLI' },
      { name: 'Health', description: 'Probes' },
    ],
  };
  app.doc31('/openapi.json', document);
  app.get('/', (context) =>
    context.json({ name: 'agent-orchestration-service', version: deps.settings.version, openapi: '/openapi.json' }),
  );
  refuseOtherMethods(app);
  return app;
}
