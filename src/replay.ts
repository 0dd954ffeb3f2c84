import { existsSync } from 'node:fs';
import type { DataConverter } from '@temporalio/common';
import { Client, WorkflowNotFoundError } from '@temporalio/client';
import { KeyringError, type Keyring } from './adapters/encryption/keyring.js';
import { lazyConnection, temporalTarget } from './adapters/temporal/connection.js';
import { fetchHistories, readHistories, replayHistories, type NamedHistory } from './adapters/temporal/replay.js';
import { startTelemetry } from './adapters/telemetry.js';
import { composeDataConverter } from './compose-encryption.js';
import { readKeyring } from './config-encryption.js';
import { encryptionErrorIn } from './contract/encryption-error.js';
import { DEFAULT_TENANT, RUN_ID_PATTERN } from './contract/ids.js';
import type { Replayed } from './ports.js';

/** What cannot be had, in words for people. */
export class ReplayError extends Error {}

/** Replays runs, by id, and saved histories, by path. @throws ReplayError */
export async function* replayTargets(
  targets: readonly string[],
  env: NodeJS.ProcessEnv,
  tenant = DEFAULT_TENANT,
): AsyncGenerator<Replayed> {
  const { plugin } = startTelemetry('replay', false);
  const dataConverter = composeDataConverter({ encryption: keysOf(env) });
  const ofRun = (runId: string) => fetched(runId, tenant, env, dataConverter);
  yield* replayHistories(histories(targets, ofRun), { plugins: [plugin], dataConverter });
}

function keysOf(env: NodeJS.ProcessEnv): Keyring {
  try {
    return readKeyring(env);
  } catch (error) {
    if (error instanceof KeyringError) throw new ReplayError(error.message);
    throw error;
  }
}

async function* histories(
  targets: readonly string[],
  ofRun: (runId: string) => AsyncGenerator<NamedHistory>,
): AsyncGenerator<NamedHistory> {
  for (const target of targets) {
    if (existsSync(target)) yield* saved(target);
    else if (RUN_ID_PATTERN.test(target)) yield* ofRun(target);
    else throw new ReplayError(`${target}: there is no such file or folder, and it is no id of a run`);
  }
}

function* saved(path: string): Generator<NamedHistory> {
  try {
    yield* readHistories(path);
  } catch (error) {
    throw new ReplayError(error instanceof Error ? error.message : `${path}: cannot be read`);
  }
}

async function* fetched(
  runId: string,
  tenant: string,
  env: NodeJS.ProcessEnv,
  dataConverter: DataConverter,
): AsyncGenerator<NamedHistory> {
  const target = temporalTarget(env);
  const connection = lazyConnection(target);
  const client = new Client({ connection, namespace: target.namespace, dataConverter });
  try {
    yield* fetchHistories(client, runId, tenant);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw new ReplayError(`${runId}: the tenant '${tenant}' has no such run, and there is no such file`);
    const sealed = encryptionErrorIn(error);
    if (sealed) throw new ReplayError(`${runId}: ${sealed.message}`);
    const { address } = target.connectionOptions;
    throw new ReplayError(
      `${runId}: Temporal at ${address} cannot be asked: ${error instanceof Error ? error.message : ''}`,
    );
  } finally {
    await connection.close();
  }
}
