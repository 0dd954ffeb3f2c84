import { currentTrace } from './adapters/trace-context.js';
import { kafkaBus, kafkaSink } from './adapters/kafka/bus.js';
import type { KafkaSettings } from './adapters/kafka/client.js';
import { createProducer } from './adapters/kafka/producer.js';
import type { PostgresWebhooks } from './adapters/webhooks/index.js';
import type { Config } from './config.js';
import { startRelay } from './outbox-relay.js';
import type { EventSink, Logger, Outbox, OutboxSource, PublishOf, SinkName, Webhooks } from './ports.js';

/** The sinks that are configured, by name: what each is made of when a worker first needs it. */
function sinksOf(config: Config, logger: Logger): Partial<Record<SinkName, () => EventSink>> {
  const kafka = kafkaSettings(config);
  const { KAFKA_EVENTS_TOPIC: topic, KAFKA_EVENTS_SOURCE: source } = config;
  return {
    ...(kafka &&
      topic !== undefined && { kafka: () => kafkaSink(kafkaBus(createProducer(kafka, logger), source), topic) }),
  };
}

/** The names of the sinks that are configured. */
function publishTo(config: Config): SinkName[] {
  return config.KAFKA_EVENTS_TOPIC === undefined ? [] : ['kafka'];
}

/** Where Kafka is; undefined where none is configured. */
export function kafkaSettings(config: Config): KafkaSettings | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  const {
    KAFKA_TLS_CA_PATH: caPath,
    KAFKA_TLS_CLIENT_CERT_PATH: certPath,
    KAFKA_TLS_CLIENT_KEY_PATH: keyPath,
  } = config;
  if (config.KAFKA_BROKERS === undefined) return undefined;
  return {
    brokers: config.KAFKA_BROKERS,
    clientId: config.KAFKA_CLIENT_ID,
    ...(mechanism !== undefined &&
      username !== undefined &&
      password !== undefined && { sasl: { mechanism, username, password } }),
    ...(config.KAFKA_TLS && {
      tls: {
        ...(caPath !== undefined && { caPath }),
        ...(certPath !== undefined && { certPath }),
        ...(keyPath !== undefined && { keyPath }),
      },
    }),
  };
}

/**
 * What runs that are started now tell the platform: the one place that decides it, for whoever starts them. Webhooks are told where
 * the start names endpoints, or the tenant has an enabled one that hears of every run.
 */
export function publishing(config: Config, webhooks: Pick<Webhooks, 'hasGlobal'>): PublishOf {
  const configured = publishTo(config);
  return async (tenant, named = {}) => {
    const hooked = (named.webhooks ?? []).length > 0 || (await webhooks.hasGlobal(tenant));
    const sinks: SinkName[] = hooked ? [...configured, 'webhooks'] : configured;
    return sinks.length === 0 ? undefined : { sinks, ...named, ...currentTrace() };
  };
}

/** The relays of a worker, one a sink, and the outbox that wakes them. That of webhooks is always there: endpoints come by the API. */
export function startRelays(config: Config, outbox: Outbox & OutboxSource, webhooks: PostgresWebhooks, logger: Logger) {
  const sinks = [...Object.values(sinksOf(config, logger)).map((make) => make()), webhooks.sink];
  const relays = sinks.map((sink) => startRelay({ outbox, sink, logger }));
  const waking: Outbox = {
    put: async (...put) => {
      await outbox.put(...put);
      for (const relay of relays) relay.nudge();
    },
  };
  return {
    outbox: waking,
    stop: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
    },
  };
}
