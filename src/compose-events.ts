import { currentTrace } from './adapters/trace-context.js';
import type { Config } from './config.js';
import { startRelay } from './outbox-relay.js';
import type { EventSink, Logger, Outbox, OutboxSource, PublishOf, SinkName } from './ports.js';

/** The sinks that are configured, by name: what each is made of when a worker first needs it. */
function sinksOf(_config: Config, _logger: Logger): Partial<Record<SinkName, () => EventSink>> {
  return {};
}

/** The names of the sinks that are configured. */
function publishTo(_config: Config): SinkName[] {
  return [];
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
