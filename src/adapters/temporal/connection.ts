import { Connection, type Client } from '@temporalio/client';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';

/** Where Temporal is and how to get in. */
export interface TemporalTarget {
  connectionOptions: ClientConnectConfig['connectionOptions'] & { address: string };
  namespace: string;
}

/**
 * Reads Temporal's own client configuration: `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`,
 * `TEMPORAL_TLS_*`, and profiles of a `temporal.toml` (`TEMPORAL_PROFILE`, `TEMPORAL_CONFIG_FILE`).
 * Source: https://docs.temporal.io/develop/environment-configuration
 * @throws Error where the configuration file or profile cannot be read.
 */
export function temporalTarget(env: Record<string, string | undefined>): TemporalTarget {
  const set = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(set) });
  const address = connectionOptions.address ?? 'localhost:7233';
  return { connectionOptions: { ...connectionOptions, address }, namespace: namespace ?? 'default' };
}

/** A client whose connection is a real one, with the raw services that its own methods do not cover. */
export type TemporalClient = Client & { connection: Connection };

/** A client connection that is made at the first call, so that a gateway can start before Temporal does. */
export function lazyConnection({ connectionOptions }: TemporalTarget): Connection {
  const { address, tls, apiKey, metadata } = connectionOptions;
  return Connection.lazy({
    address,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  });
}
