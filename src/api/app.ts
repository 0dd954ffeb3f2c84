import { accessTable, type AccessTable } from './access.js';
import { withAccess } from './document.js';
import { bodyShape } from './body-shape.js';
import type { AppDeps } from './env.js';
import { errorResponse, Problem } from './errors.js';
import { bodySize, requestLog, sameHostOnly } from './guard.js';
import { identify } from './identify.js';
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
import { keyRoutes } from './routes/keys.js';
import { metricsRoutes } from './routes/metrics.js';
import { linkRoutes } from './routes/links.js';
import { inboxRoutes } from './routes/inbox.js';
import { runRoutes } from './routes/runs.js';
import { scheduleRoutes } from './routes/schedules.js';
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.js';
import { webhookRoutes } from './routes/webhooks.js';
import { namedOrigins, safeHeaders } from './secure.js';

/** The gateway: HTTP in front of the ports. Holds no state; `app.request(…)` serves tests without a socket. */
export function createApp(deps: AppDeps) {
  const app = createRouter();
  app.use(requestLog(deps));
  app.use(safeHeaders);
  app.use(sameHostOnly(deps));
  app.use(namedOrigins(deps.settings.corsOrigins));
  let access: AccessTable = new Map();
  app.use(identify(deps, () => access));
  // Before the bound of bodies: payloads are larger.
  app.route('/', codecRoutes(deps));
  app.use(bodySize);
  app.use(bodyShape);
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
  app.route('/', webhookRoutes(deps));
  app.route('/', webhookDeliveryRoutes(deps));
  app.route('/', crewRoutes(deps));
  app.route('/', definitionRoutes(deps));
  app.route('/', keyRoutes(deps));
  app.route('/', healthRoutes(deps));
  app.route('/', metricsRoutes(deps));

  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Agent orchestration service',
      version: deps.settings.version,
      description: 'Durable multi-agent crews: start, watch and steer runs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Agents', description: 'The call of other services' },
      { name: 'Runs', description: 'Runs of crews' },
      { name: 'Approvals', description: 'Decisions of people' },
      { name: 'Batches', description: 'One crew with many inputs' },
      { name: 'Schedules', description: 'Runs at given times' },
      { name: 'Webhooks', description: 'Events of runs for your own services' },
      { name: 'Crews', description: 'What can be run' },
      { name: 'Identity', description: 'Who calls, and API keys' },
      { name: 'Codec', description: 'Encrypted payloads for the Temporal UI and CLI' },
      { name: 'Health', description: 'Probes' },
    ],
  };
  app.get('/openapi.json', (context) => context.json(withAccess(app.getOpenAPI31Document(document))));
  app.get('/', (context) =>
    context.json({ name: 'agent-orchestration-service', version: deps.settings.version, openapi: '/openapi.json' }),
  );
  access = accessTable(app);
  refuseOtherMethods(app);
  return app;
}
