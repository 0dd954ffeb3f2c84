import { createStoreCipher } from './adapters/encryption/store-cipher.js';
import { openWebhooks, type PostgresWebhooks } from './adapters/webhooks/index.js';
import type { Config } from './config.js';
import type { Logger } from './ports.js';

const DAY_MS = 86_400_000;
/** Standard Webhooks recommends 15 to 30 s. */
const TIMEOUT_MS = 15_000;

/** Webhooks, as configured. */
export function composeWebhooks(config: Config): PostgresWebhooks {
  return openWebhooks({
    databaseUrl: config.databaseUrl,
    allowPrivate: config.WEBHOOKS_ALLOW_PRIVATE,
    cipher: createStoreCipher(config.encryption),
  });
}

/** Begins to deliver. `stop` aborts tries in flight: they are made again, with the same id, when their lease is over. */
export function startDispatcher(config: Config, webhooks: PostgresWebhooks, version: string, logger: Logger) {
  const stopping = new AbortController();
  const dispatcher = webhooks.dispatcher(
    {
      timeoutMs: TIMEOUT_MS,
      userAgent: `agent-orchestration-service/${version}`,
      disableAfterMs: config.WEBHOOKS_DISABLE_AFTER_DAYS * DAY_MS,
      retentionMs: config.WEBHOOKS_RETENTION_DAYS * DAY_MS,
    },
    logger,
  );
  const running = dispatcher.run(stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
