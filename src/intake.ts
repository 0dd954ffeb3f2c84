import { startIntake, type Intake } from './adapters/kafka/intake.js';
import { readIntakeConfig } from './adapters/kafka/intake-config.js';
import { createProducer } from './adapters/kafka/producer.js';
import { composeGateway } from './compose.js';
import { composeTelemetry } from './compose-telemetry.js';
import { kafkaSettings } from './compose-events.js';
import { loadConfig } from './config.js';
import { intakeHealth, serveHealth } from './health.js';
import { eventHandler } from './intake/handle-event.js';
import { runProcess, StartError, stopSignal, tellReady } from './process.js';

/** Takes events from Kafka: starts runs and decides approvals, as the gateway does for who calls it over HTTP. */
await runProcess(async () => {
  const config = loadConfig();
  const settings = kafkaSettings(config);
  if (config.KAFKA_INTAKE_CONFIG === undefined || settings === undefined) {
    throw new StartError('KAFKA_INTAKE_CONFIG, KAFKA_BROKERS: the intake needs both; see docs/events.md');
  }
  const { topics, groupId, deadLetterTopic } = readIntakeConfig(config.KAFKA_INTAKE_CONFIG);
  const stop = stopSignal();
  const telemetry = composeTelemetry(config, 'intake');
  await telemetry.serve();
  const { deps, client, close } = await composeGateway(config, telemetry, stop);
  const { logger } = deps;
  const { WORKER_HEALTH_PORT: healthPort } = config;
  let intake: Intake | undefined;
  // Before the broker is waited for: a process that waits is alive.
  const health =
    healthPort === undefined ? undefined : await serveHealth(healthPort, client, () => intakeHealth(intake));
  const producer = createProducer(settings, logger);
  try {
    intake = await startIntake(
      { settings, producer, logger, handle: eventHandler(deps, topics) },
      {
        topics: Object.keys(topics),
        groupId,
        deadLetterTopic,
        sessionMs: config.KAFKA_INTAKE_SESSION_SECONDS * 1000,
        signal: stop,
      },
    );
    logger.info({ topics: Object.keys(topics), groupId }, 'intake listening');
    tellReady();
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve(), { once: true });
    });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
  logger.info({}, 'intake stopping');
  await intake?.stop();
  await producer.close();
  await health?.close();
  await close();
  await telemetry.shutdown();
});
