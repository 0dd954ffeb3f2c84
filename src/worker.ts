import { existsSync } from 'node:fs';
import { DefaultLogger, NativeConnection, Runtime, Worker, type LogEntry } from '@temporalio/worker';
import { createActivities } from './activities/index.js';
import { createLogger } from './adapters/logger.js';
import { limitedModels } from './adapters/models/registry.js';
import { ensureCollectionSchedule } from './adapters/temporal/collection-schedule.js';
import type { TemporalClient } from './adapters/temporal/connection.js';
import { limitedWorkers } from './adapters/temporal/limited-workers.js';
import { ensureSearchAttributes } from './adapters/temporal/setup.js';
import { bundleOptions, TUNING, versioning } from './adapters/temporal/worker-options.js';
import { composeActivities, composeModels, composeSecrets } from './compose.js';
import { composeCore, composeTelemetry } from './compose-telemetry.js';
import { composeClient } from './compose-client.js';
import { bundlePath, composeDataConverter } from './compose-encryption.js';
import { loadConfig, type Config } from './config.js';
import { serveHealth, workersHealth } from './health.js';
import type { Logger } from './ports.js';
import { runProcess, StartError, stopSignal, tellReady } from './process.js';

await runProcess(async () => {
  const config = loadConfig();
  const stop = stopSignal();
  const telemetry = composeTelemetry(config, 'worker');
  const { logger } = telemetry;
  const core = await composeCore(config);
  // Signals are ours: the runtime's own handlers would end the process before the worker has drained.
  Runtime.install({
    logger: temporalLogger(createLogger('worker', config.LOG_LEVEL_TEMPORAL)),
    shutdownSignals: [],
    telemetryOptions: core.options,
  });
  await telemetry.serve(core.scrape);
  const dataConverter = composeDataConverter(config, logger);
  const connection = await connect(config);
  const client = composeClient(config, telemetry.plugin, logger);
  await prepareNamespace(config, client, logger);
  const secrets = composeSecrets(config);
  const models = composeModels(config, secrets);
  const { deps, close } = await composeActivities(config, logger, { models, secrets }, client);
  const common = {
    connection,
    namespace: config.temporal.namespace,
    activities: createActivities(telemetry.watched(deps, models)),
    plugins: [telemetry.plugin],
    dataConverter,
    shutdownGraceTime: `${config.SHUTDOWN_GRACE_SECONDS}s` as const,
    ...TUNING,
    ...versioning(config.WORKER_DEPLOYMENT_NAME, config.WORKER_BUILD_ID),
  };
  const workers = [
    await Worker.create({ ...common, taskQueue: config.TASK_QUEUE, ...workflowCode(config) }),
    ...(await Promise.all(limitedWorkers(limitedModels(models), config.TASK_QUEUE, common))),
  ];
  const running = workers.map((worker) => worker.run());
  const { WORKER_HEALTH_PORT: healthPort } = config;
  const health =
    healthPort === undefined ? undefined : await serveHealth(healthPort, client, () => workersHealth(workers));
  tellReady();
  const shutDown = () => workers.forEach((worker) => worker.shutdown());
  stop.addEventListener('abort', shutDown, { once: true });
  if (stop.aborted) shutDown();
  await Promise.all(running);
  await health?.close();
  await close();
  await connection.close();
  await client.connection.close();
  await telemetry.shutdown();
});

async function connect({ temporal }: Config): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(temporal.connectionOptions);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // The native client prints its whole chain of causes; the innermost message is what people can act on.
    const why = /.*message: "([^"]+)"/.exec(text)?.[1] ?? text.slice(0, 200);
    const { address } = temporal.connectionOptions;
    throw new StartError(
      `Temporal at ${address} (TEMPORAL_ADDRESS) cannot be reached: ${why}. Is it running, and do TEMPORAL_TLS_* and TEMPORAL_API_KEY fit it?`,
    );
  }
}

/**
 * Registers what lists need, and the daily collection of the store. A namespace where that is not ours to do was prepared by
 * its operator.
 */
async function prepareNamespace(
  { temporal, TASK_QUEUE }: Config,
  client: TemporalClient,
  logger: Logger,
): Promise<void> {
  const prepare = async (what: string, work: () => Promise<void>) => {
    try {
      await client.withDeadline(Date.now() + 10_000, work);
    } catch (error) {
      logger.warn({ err: error }, `${what} could not be registered; see temporal/README.md`);
    }
  };
  await prepare('search attributes', () => ensureSearchAttributes(client.connection, temporal.namespace));
  await prepare('the schedule of the store', () => ensureCollectionSchedule(client, TASK_QUEUE));
}

function workflowCode(config: Config) {
  // A prebuilt bundle keeps none.
  if (config.WORKFLOW_BUNDLE === undefined || config.WORKFLOW_CALL_STACKS) {
    const { workflowsPath, preloadModules } = bundleOptions(config.WORKFLOW_CALL_STACKS);
    return { workflowsPath, bundlerOptions: { preloadModules } };
  }
  const codePath = bundlePath(config.WORKFLOW_BUNDLE, config);
  if (!existsSync(codePath)) {
    const missing = codePath === config.WORKFLOW_BUNDLE ? '' : ` (with ENCRYPTION_KEYS: ${codePath})`;
    throw new StartError(
      `WORKFLOW_BUNDLE=${config.WORKFLOW_BUNDLE}${missing}: there is no such file; run npm run build`,
    );
  }
  return { workflowBundle: { codePath } };
}

/** Brings Temporal's log lines to our logger. */
function temporalLogger(logger: Logger): DefaultLogger {
  const write = ({ level, message, meta }: LogEntry) => {
    const fields = { ...meta, from: 'temporal' };
    if (level === 'ERROR') logger.error(fields, message);
    else if (level === 'WARN') logger.warn(fields, message);
    else if (level === 'INFO') logger.info(fields, message);
    else logger.debug(fields, message);
  };
  return new DefaultLogger('INFO', write);
}
