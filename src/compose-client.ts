import { Client, type ClientPlugin } from '@temporalio/client';
import { lazyConnection, type TemporalClient } from './adapters/temporal/connection.js';
import { composeDataConverter } from './compose-encryption.js';
import type { Config } from './config.js';
import type { Logger } from './ports.js';

/**
 * The client of Temporal for whatever reads or writes payloads: with the interceptors that histories depend on, and encrypting where that is
 * configured. Nothing is connected before the first call. Close its `connection`.
 */
export function composeClient(config: Config, plugin: ClientPlugin, logger?: Pick<Logger, 'error'>): TemporalClient {
  return new Client({
    connection: lazyConnection(config.temporal),
    namespace: config.temporal.namespace,
    plugins: [plugin],
    dataConverter: composeDataConverter(config, logger),
  }) as TemporalClient;
}
