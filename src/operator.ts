import { Client } from '@temporalio/client';
import { lazyConnection, type TemporalClient } from './adapters/temporal/connection.js';
import { loadConfig, type Config } from './config.js';
import { runProcess, StartError } from './process.js';

/** What a command of an operator works with. */
export interface OperatorParts {
  config: Config;
  client: TemporalClient;
  say: (line: string) => void;
}

/** Runs a command that ends: it has the configuration and a client, and its errors are a line without a stack. */
export function runOperator(command: (parts: OperatorParts) => Promise<void>): Promise<never> {
  return runProcess(async () => {
    const config = loadConfig();
    const connection = lazyConnection(config.temporal);
    const client = new Client({ connection, namespace: config.temporal.namespace }) as TemporalClient;
    try {
      await command({ config, client, say: (line) => void process.stdout.write(`${line}\n`) });
    } catch (error) {
      throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
    } finally {
      await connection.close();
    }
  });
}

/** The name of the deployment whose builds are meant. @throws StartError */
export function deploymentName({ WORKER_DEPLOYMENT_NAME: name }: Config): string {
  if (name === undefined) throw new StartError('WORKER_DEPLOYMENT_NAME: Required, with WORKER_BUILD_ID');
  return name;
}
