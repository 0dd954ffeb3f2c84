import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Kafka, logLevel as LogLevel, SASLOptions } from 'kafkajs';
import type { Logger } from '../../ports.js';

/** Where Kafka is, and who we are there. */
export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  /** Files in PEM form. */
  tls?: { caPath?: string; certPath?: string; keyPath?: string };
}

/** A file of Kafka's configuration cannot be used. */
export class KafkaSetupError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'KafkaSetupError';
  }
}

const CONNECT_TIMEOUT_MS = 4_000;
const REQUEST_TIMEOUT_MS = 10_000;

/** The library, loaded at the first use: most processes never need it. */
export function kafkajs() {
  return import('kafkajs');
}

/** A client. Nothing is connected yet. @throws KafkaSetupError */
export async function createKafka(settings: KafkaSettings, logger: Logger): Promise<Kafka> {
  const { Kafka: Client, logLevel } = (await kafkajs()).default;
  return new Client({
    clientId: settings.clientId,
    brokers: settings.brokers,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...(settings.tls && { ssl: tlsOptions(settings.tls) }),
    ...(settings.sasl && { sasl: settings.sasl as SASLOptions }),
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, error } }) => {
        // A broker that is away is a warning: what cannot be sent or received is said by whoever wanted it.
        const fields = { from: 'kafka', ...(typeof error === 'string' && { reason: error }) };
        if (level <= (logLevel.WARN as LogLevel)) logger.warn(fields, message);
        else logger.debug(fields, message);
      },
  });
}

function tlsOptions({ caPath, certPath, keyPath }: NonNullable<KafkaSettings['tls']>): ConnectionOptions {
  return {
    ...(caPath !== undefined && { ca: read('KAFKA_TLS_CA_PATH', caPath) }),
    ...(certPath !== undefined && { cert: read('KAFKA_TLS_CLIENT_CERT_PATH', certPath) }),
    ...(keyPath !== undefined && { key: read('KAFKA_TLS_CLIENT_KEY_PATH', keyPath) }),
  };
}

function read(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new KafkaSetupError([`${variable}=${path}: cannot be read (${code})`]);
  }
}
