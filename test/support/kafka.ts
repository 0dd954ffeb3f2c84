import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheDir } from '../../temporal/cache-dir.js';
import { freePort, opens } from './free-port.js';
import { onPath } from './on-path.js';
import { stopped } from './store.js';

const run = promisify(execFile);

const VERSION = '4.4.0';
const LIB = join(cacheDir(), `kafka-${VERSION}`);

/** Longest until a new broker takes connections. */
const START_MS = 90_000;

/** A Kafka broker of its own. */
export interface KafkaBroker {
  /** `127.0.0.1:port`, the same after a restart. */
  brokers: string[];
  /** Ends it: by and by, or at once. What it has acknowledged is kept. */
  end(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, on the same port with the same data. */
  start(): Promise<void>;
  /** Ends it, and removes everything. */
  stop(): Promise<void>;
}

/** How the listener of clients is secured. */
export interface KafkaSecurity {
  username: string;
  password: string;
  /** A PKCS12 file with the broker's key, and its password. */
  keystore: string;
  keystorePassword: string;
}

/** What is missing on this machine to run a broker; undefined where nothing is. */
export function missingForKafka(): string | undefined {
  if (onPath('java') === undefined) return 'Java is not installed: apt-get install default-jre-headless';
  if (existsSync(LIB) || onPath('mvn') !== undefined) return undefined;
  return 'Maven is not installed, which brings Kafka: apt-get install maven';
}

let shared: Promise<KafkaBroker> | undefined;

/** The one plain broker of this test run, started at its first use. Topics keep tests apart. */
export function testKafka(): Promise<KafkaBroker> {
  shared ??= startKafka();
  return shared;
}

/** Stops the shared broker, if it was started. Mocha calls it once at the end. */
export async function stopTestKafka(): Promise<void> {
  await (await shared)?.stop();
}

/** Starts a throw-away broker with four partitions a topic on a free port of 127.0.0.1. The caller stops it. */
export async function startKafka(security?: KafkaSecurity): Promise<KafkaBroker> {
  await libraries();
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'));
  const [port, controller] = [await freePort(), await freePort()];
  const file = join(folder, 'server.properties');
  await writeFile(file, properties(folder, port, controller, security));
  const scram = security && ['--add-scram', `SCRAM-SHA-512=[name=${security.username},password=${security.password}]`];
  const id = randomBytes(16).toString('base64url');
  await run('java', [
    ...java(128),
    'kafka.tools.StorageTool',
    'format',
    `--cluster-id=${id}`,
    '-c',
    file,
    ...(scram ?? []),
  ]);
  let child: ChildProcess | undefined;
  const broker: KafkaBroker = {
    brokers: [`127.0.0.1:${port}`],
    end: (signal) => stopped(child, signal),
    start: async () => {
      child = spawn('java', [...java(512), 'kafka.Kafka', file], { stdio: 'ignore' });
      await untilOpen(port, child);
    },
    stop: async () => {
      await stopped(child, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await broker.start();
    return broker;
  } catch (error) {
    await broker.stop();
    throw error;
  }
}

function java(megabytes: number): string[] {
  return [`-Xmx${megabytes}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(LIB, '*')];
}

function properties(folder: string, port: number, controller: number, security?: KafkaSecurity): string {
  const secured = security && [
    // The one broker talks to itself as this user.
    `listener.name.clients.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${security.username}" password="${security.password}";`,
    'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512',
    'ssl.endpoint.identification.algorithm=',
    `ssl.truststore.location=${security.keystore}`,
    `ssl.truststore.password=${security.keystorePassword}`,
    'ssl.truststore.type=PKCS12',
    'sasl.enabled.mechanisms=SCRAM-SHA-512',
    `ssl.keystore.location=${security.keystore}`,
    `ssl.keystore.password=${security.keystorePassword}`,
    'ssl.keystore.type=PKCS12',
  ];
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=CLIENTS://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=CLIENTS://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=CLIENTS',
    `listener.security.protocol.map=CLIENTS:${security ? 'SASL_SSL' : 'PLAINTEXT'},CONTROLLER:PLAINTEXT`,
    ...(secured ?? []),
    `log.dirs=${join(folder, 'data')}`,
    'num.partitions=4',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    '',
  ].join('\n');
}

/** The broker's libraries, brought by Maven into the user's cache folder the first time. */
async function libraries(): Promise<void> {
  if (existsSync(LIB)) return;
  await mkdir(cacheDir(), { recursive: true });
  const folder = await mkdtemp(join(cacheDir(), 'kafka-making-'));
  try {
    await writeFile(join(folder, 'pom.xml'), POM);
    const target = join(folder, 'lib');
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${target}`], { cwd: folder });
    if ((await readdir(target)).length === 0) throw new Error('Maven brought no libraries');
    // Another process may have been faster.
    await rename(target, LIB).catch((error: unknown) => {
      if (!existsSync(LIB)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>broker</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  while (!(await opens(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('the broker did not start');
    await pause(100);
  }
}
