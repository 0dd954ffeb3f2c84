import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { devServerArgs } from '../../temporal/dev-server.js';
import { findTemporalCli } from '../../temporal/find-cli.js';
import { eventually } from '../support/crew-world.js';
import { freePort } from '../support/free-port.js';
import { missingForKafka, startKafka, type KafkaBroker } from '../support/kafka.js';
import { findPostgres } from '../support/postgres.js';
import { findRedis } from '../support/redis.js';
import { testServer } from '../support/temporal.js';
import { settableClock, type Clock } from './clock.js';
import { CREWS, definitionOf } from './crews.js';
import { startDatabase, type Database } from './database.js';
import { startCountingModel, type CountingModel } from './model.js';
import { opensPort, Part, saysReady } from './part.js';

/** Where run events go. */
export const TOPIC = 'run-events';

/** Longest call of the model: how soon one that is half open is given up. */
const MODEL_SECONDS = 8;

/** Marks every process that belongs to this world, by its environment. */
const MARK = 'CHAOS_WORLD';

/** The whole service as real processes, and what it stands on. */
export interface World {
  api: string;
  model: CountingModel;
  temporal: Client;
  broker: KafkaBroker;
  database: Database;
  /** Of the first worker; undefined where it cannot be set. */
  clock: Clock | undefined;
  /** By name: everything that can be killed but the broker. */
  parts: Map<string, Part>;
  logs: string;
  /** Ends everything; gives what did not end, in words. */
  stop(): Promise<string[]>;
  remove(): void;
}

/** What is missing on this machine; undefined where nothing is. */
export function missingForChaos(): string | undefined {
  if (findPostgres() === undefined) return 'Postgres is not installed: apt-get install postgresql';
  if (findRedis() === undefined) return 'Redis is not installed: apt-get install redis-server';
  return missingForKafka();
}

/** Starts everything. */
export async function startWorld(random: () => number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  // Postgres, which is another user, has its own folder in it.
  chmodSync(folder, 0o711);
  // What tests share is not of this world: it is there before.
  const { bundle } = await testServer();
  const mark = randomUUID();
  process.env[MARK] = mark;
  const [temporalPort, databasePort, redisPort, port] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const model = await startCountingModel(random);
  const { path: cli } = await findTemporalCli({ onProgress: () => undefined });
  const files = writeFiles(folder, model, bundle.code, mark);
  const clock = settableClock(join(folder, 'clock'));
  const settings = {
    ...files,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    DATABASE_URL: `postgres://postgres@127.0.0.1:${databasePort}/postgres`,
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    KAFKA_EVENTS_TOPIC: TOPIC,
    CHAOS_COUNTER: new URL('/', model.url).origin,
    EXTENSIONS_DIR: 'test/chaos/extensions',
    TASK_QUEUE: 'chaos',
    PORT: String(port),
    SHUTDOWN_GRACE_SECONDS: '2',
  };
  const part = (
    name: string,
    command: string[],
    ready: Part['start'] | typeof saysReady,
    env: NodeJS.ProcessEnv = {},
  ) => new Part({ name, command, ready, env, log: join(folder, `${name}.log`) });
  const server = { port: temporalPort, dbFile: join(folder, 'temporal.db') };
  const database = await startDatabase(findPostgres() ?? '', folder, databasePort);
  const temporal = part('temporal', [cli, ...devServerArgs(server)], opensPort(temporalPort));
  const redisArgs = [
    '--port',
    String(redisPort),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const redis = part('redis', [findRedis() ?? '', ...redisArgs], opensPort(redisPort));
  const [broker] = await Promise.all([startKafka(), temporal.start(), redis.start()]);
  const ours = (name: string, file: string, env: NodeJS.ProcessEnv = {}) =>
    part(name, [process.execPath, '--import', 'tsx', file], saysReady, {
      ...settings,
      KAFKA_BROKERS: broker.brokers.join(','),
      ...env,
    });
  const worker1 = ours('worker-1', 'src/worker.ts', clock?.env);
  const worker2 = ours('worker-2', 'src/worker.ts');
  const gateway = ours('gateway', 'src/gateway.ts');
  const api = `http://127.0.0.1:${port}`;
  await worker1.start();
  await Promise.all([worker2.start(), gateway.start()]);
  await eventually('the service to be ready', async () => (await fetch(`${api}/readyz`)).ok, 60_000);
  const connection = Connection.lazy({ address: `127.0.0.1:${temporalPort}` });
  const parts = [worker1, worker2, gateway, temporal, database.part, redis];
  return {
    api,
    model,
    temporal: new Client({ connection }),
    broker,
    database,
    clock,
    parts: new Map(parts.map((one) => [one.name, one])),
    logs: folder,
    stop: async () => {
      await connection.close();
      const slow: string[] = [];
      const end = async (one: Part, signal: NodeJS.Signals = 'SIGTERM') => {
        if (!(await one.end(signal))) slow.push(`${one.name} did not end when it was told to`);
      };
      for (const one of [gateway, worker1, worker2]) await end(one);
      await Promise.all([end(temporal), end(redis), end(database.part, 'SIGINT'), broker.stop()]);
      await Promise.all([model.close(), database.remove()]);
      Reflect.deleteProperty(process.env, MARK);
      return [...slow, ...leftBehind(mark)];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writeFiles(folder: string, model: CountingModel, bundle: string, mark: string): Record<string, string> {
  const crews = join(folder, 'crews');
  mkdirSync(crews);
  for (const crew of CREWS) writeFileSync(join(crews, `${crew.name}.yaml`), stringify(definitionOf(crew)));
  const models = join(folder, 'models.yaml');
  const entry = { base_url: model.url, max_output_tokens: 1_000, timeout_seconds: MODEL_SECONDS };
  writeFileSync(models, stringify({ default: 'counting', models: { counting: entry } }));
  const mcp = join(folder, 'mcp.yaml');
  const things = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/package.json');
  const args = [join(dirname(things), 'dist/index.js')];
  const server = { command: process.execPath, args, env: { [MARK]: mark }, idempotent: true };
  writeFileSync(mcp, stringify({ servers: { things: server } }));
  const code = join(folder, 'workflows.js');
  writeFileSync(code, bundle);
  return { CREWS_DIR: crews, MODELS_CONFIG: models, MCP_CONFIG: mcp, WORKFLOW_BUNDLE: code };
}

/** Processes whose environment has the mark of a world: the parts, and whatever they started. */
function leftBehind(mark: string): string[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return ids.flatMap((id) => {
    try {
      if (!readFileSync(`/proc/${id}/environ`, 'utf8').includes(mark)) return [];
      return [`${id} ${readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')}`];
    } catch {
      // It has just ended, or is another user's.
      return [];
    }
  });
}
