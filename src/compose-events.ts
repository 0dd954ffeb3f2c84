import { currentTrace } from './adapters/trace-context.js';
import { kafkaBus, kafkaSink } from './adapters/kafka/bus.js';
import type { KafkaSettings } from './adapters/kafka/client.js';
import { createProducer } from './adapters/kafka/producer.js';
import type { Config } from './config.js';
import { startRelay } from './outbox-relay.js';
import type { EventSink, Logger, Outbox, OutboxSource, PublishOf, SinkName } from './ports.js';

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

/** What runs that are started now tell the platform: the one place that decides it, for whoever starts them. */
export function publishing(config: Config): PublishOf {
  const sinks = publishTo(config);
  return (named) => (sinks.length === 0 ? undefined : { sinks, ...named, ...currentTrace() });
}

/** The relays of a worker, one a sink, and the outbox that wakes them. With no sink there is none. */
export function startRelays(config: Config, outbox: Outbox & OutboxSource, logger: Logger) {
  const sinks = Object.values(sinksOf(config, logger));
  const relays = sinks.map((make) => startRelay({ outbox, sink: make(), logger }));
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
