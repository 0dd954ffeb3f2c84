import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { Agent, request } from 'undici';
import { stringify } from 'yaml';
import { DEFAULT_TENANT, runIdOf, workflowIdOf } from '../src/contract/ids.js';
import { RUN_CREW, type RunInput } from '../src/contract/messages.js';
import { freePort } from '../test/support/free-port.js';
import { eventually } from '../test/support/crew-world.js';
import { crewDocument, crewOf } from '../test/support/crews.js';
import { modelFactsFor, scriptedModels } from '../test/support/parts.js';
import { stopped } from '../test/support/store.js';
import { barChart } from './chart.js';
import { openArena, type Arena } from './floor/arena.js';
import { ANSWER, TOPIC } from './floor/crews.js';
import { FOUND } from './gateway/found.js';
import type { Measure, Section } from './section.js';
import { median, quantile } from './statistics.js';

const AMOUNT = {
  quick: { warmUp: 3, starts: 5, rounds: 1, roundMs: 200 },
  full: { warmUp: 100, starts: 600, rounds: 5, roundMs: 2_000 },
};
const CONNECTIONS = 20;
/** No worker polls here: what is measured is the start, not the work that follows. */
const IDLE_QUEUE = 'idle';

const document = crewDocument();
const crew = crewOf(document);

export const measure: Measure = async (effort) => {
  const amount = AMOUNT[effort];
  const arena = await openArena({ answers: [{ text: ANSWER, repeat: true }] });
  const gateway = await startGateway(arena);
  try {
    await startsOf(arena, gateway.api, amount.warmUp);
    const starts = await startsOf(arena, gateway.api, amount.starts);
    const runs: string[] = [];
    while (runs.length < CONNECTIONS) runs.push(runIdOf(await arena.crew(crew, { topic: TOPIC })));
    const reads = await readsOf(gateway.api, runs, amount);
    return sectionOf(starts, reads);
  } finally {
    await gateway.stop();
    await arena.close();
  }
};

/** The gateway as a process of its own, as `npm start` has it. */
async function startGateway({ address, databaseUrl, modelUrl }: Arena) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  writeFileSync(join(folder, `${document.name}.yaml`), stringify(document));
  const port = await freePort();
  const child = fork(fileURLToPath(new URL('../src/gateway.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: databaseUrl,
      OPENAI_BASE_URL: modelUrl,
      OPENAI_API_KEY: 'key-for-benchmarks-0123456789',
      OPENAI_MODEL: 'scripted-model',
      MODELS_CONFIG: 'none',
      MCP_CONFIG: 'none',
      CREWS_DIR: folder,
      TASK_QUEUE: IDLE_QUEUE,
      PORT: String(port),
    },
  });
  const api = `http://127.0.0.1:${port}`;
  await told(child, 'the gateway');
  await eventually('the gateway to answer', async () => (await fetch(`${api}/healthz`).catch(() => undefined))?.ok);
  return {
    api,
    stop: async () => {
      await stopped(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Compared {
  gateway: number[];
  bare: number[];
}

/** Milliseconds of a start by HTTP on a connection that is kept, and of the SDK's own with the same argument, in turn. */
async function startsOf({ address, modelUrl }: Arena, api: string, count: number): Promise<Compared> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const agent = new Agent({ connections: 1 });
  const models = modelFactsFor(scriptedModels(modelUrl), crew.definition);
  const times: Compared = { gateway: [], bare: [] };
  for (let at = 0; at < count; at++) {
    times.gateway.push(
      await msOf(async () => {
        const { statusCode, body } = await request(`${api}/v1/runs`, {
          method: 'POST',
          dispatcher: agent,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ crew: document.name, inputs: { topic: TOPIC } }),
        });
        const text = await body.text();
        if (statusCode >= 300) throw new Error(`${statusCode} ${text}`);
      }),
    );
    times.bare.push(
      await msOf(async () => {
        const runId = randomUUID();
        const input: RunInput = {
          runId,
          crew: crew.ref,
          definition: crew.definition,
          inputs: { topic: TOPIC },
          models,
        };
        const workflowId = workflowIdOf(DEFAULT_TENANT, runId);
        await client.workflow.start(RUN_CREW, { workflowId, taskQueue: IDLE_QUEUE, args: [input] });
      }),
    );
  }
  await agent.close();
  await connection.close();
  return times;
}

async function msOf(call: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await call();
  return performance.now() - began;
}

interface Reads {
  /** What is read, as the report calls it. */
  what: string;
  bytes: number;
  /** Answers a second, a round each. */
  gateway: number[];
  bare: number[];
}

/** Reads of the gateway, and of a route that answers the same bytes, in turn. */
async function readsOf(
  api: string,
  runIds: readonly string[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Reads[]> {
  const runs = runIds.map((runId) => `/v1/runs/${runId}`);
  const targets = [
    { what: '/v1/runs/{runId}', paths: runs.slice(0, 1) },
    { what: '/v1/runs/{runId}, a run a connection', paths: runs },
    { what: '/v1/crews', paths: ['/v1/crews'] },
    { what: '/healthz', paths: ['/healthz'] },
  ];
  const all = [...new Set(targets.flatMap(({ paths }) => paths))];
  const bodies = Object.fromEntries(
    await Promise.all(all.map(async (path) => [path, await (await fetch(`${api}${path}`)).text()] as const)),
  );
  const child = fork(fileURLToPath(new URL('./gateway/bare-route.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  child.send(bodies);
  const { port } = (await told(child, 'the bare route')) as { port: number };
  const reads: Reads[] = [];
  try {
    for (const { what, paths } of targets) {
      const read: Reads = { what, bytes: bodies[paths[0] ?? '']?.length ?? 0, gateway: [], bare: [] };
      for (let round = -1; round < rounds; round++) {
        const [gateway, bare] = [
          await rateOf(api, paths, roundMs),
          await rateOf(`http://127.0.0.1:${port}`, paths, roundMs),
        ];
        // The first round warms both up.
        if (round < 0) continue;
        read.gateway.push(gateway);
        read.bare.push(bare);
      }
      reads.push(read);
    }
  } finally {
    await stopped(child);
  }
  return reads;
}

/** Answers a second on so many connections that are kept, each of which asks for one of the paths. */
async function rateOf(api: string, paths: readonly string[], forMs: number): Promise<number> {
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const began = performance.now();
  let answers = 0;
  const lane = async (_: unknown, at: number) => {
    const url = `${api}${paths[at % paths.length]}`;
    while (performance.now() - began < forMs) {
      const { statusCode, body } = await request(url, { dispatcher });
      await body.text();
      if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const rate = answers / ((performance.now() - began) / 1000);
  await dispatcher.close();
  return rate;
}

/** The first message of a process. */
function told(child: ChildProcess, what: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${what} ended with code ${code}`)));
  });
}

function sectionOf(starts: Compared, reads: readonly Reads[]): Section {
  const row = (what: string, part: number) => {
    const [gateway, bare] = [quantile(starts.gateway, part), quantile(starts.bare, part)];
    return `| ${what} | ${gateway.toFixed(2)} ms | ${bare.toFixed(2)} ms | ${(gateway - bare).toFixed(2)} ms | ${(gateway / bare).toFixed(2)} |`;
  };
  const ratioAt = (part: number) => quantile(starts.gateway, part) / quantile(starts.bare, part);
  const rate = (values: readonly number[]) => Math.round(median(values)).toLocaleString('en');
  return {
    title: 'Gateway',
    figures: [
      { name: 'start through HTTP ÷ the SDK’s own, p50', value: ratioAt(0.5) },
      { name: 'start through HTTP ÷ the SDK’s own, p95', value: ratioAt(0.95) },
      { name: 'start through HTTP, p50', value: quantile(starts.gateway, 0.5), unit: 'ms' },
      ...reads.map(({ what, gateway, bare }) => ({
        name: `reads a second of ${what} ÷ a bare Hono route`,
        value: median(gateway) / median(bare),
      })),
    ],
    text: [
      'A start through the gateway (a process of its own, one connection that is kept) and one by the SDK’s client with the same argument, in',
      `turn, ${starts.gateway.length} of each, on a task queue where no worker polls. The gateway checks the request and the crew, works out the models’ facts and sets memo and`,
      'search attributes, which the SDK’s own start does not. What is left of the difference is one hop over HTTP more: reading, checking and answering',
      'take about a millisecond, and the store is asked for webhooks of all runs four times a second at most, however many runs are started.',
      '',
      '|  | gateway | SDK | difference | ratio |',
      '| --- | --- | --- | --- | --- |',
      row('p50', 0.5),
      row('p95', 0.95),
      '',
      `Reads on ${CONNECTIONS} connections that are kept, against one Hono route in a process of its own that answers the same bytes. The client that asks is the same,`,
      'and on a small machine has its part in either figure. With every read of a run Temporal says whether it is there, and which execution is its last;',
      'what an execution ended with never changes, and stays in memory once it was fetched. Those who ask for the same run, or for the crews, while they',
      'are being read share the next read. A run a connection has nothing to share: a call of Temporal each is what it costs.',
      '',
      '| reads a second | bytes | gateway | bare route | ratio |',
      '| --- | --- | --- | --- | --- |',
      ...reads.map(
        ({ what, bytes, gateway, bare }) =>
          `| GET ${what} | ${bytes} | ${rate(gateway)} | ${rate(bare)} | ${(median(gateway) / median(bare)).toFixed(3)} |`,
      ),
      '',
      ...FOUND,
    ].join('\n'),
    charts: [
      {
        file: 'gateway-start',
        alt: `A start takes ${median(starts.gateway).toFixed(1)} ms through the gateway and ${median(starts.bare).toFixed(1)} ms by the SDK`,
        svg: barChart(
          'Start of a run, p50 and p95',
          [
            { label: 'gateway, p50', value: quantile(starts.gateway, 0.5) },
            { label: 'SDK, p50', value: quantile(starts.bare, 0.5), color: '#888' },
            { label: 'gateway, p95', value: quantile(starts.gateway, 0.95) },
            { label: 'SDK, p95', value: quantile(starts.bare, 0.95), color: '#888' },
          ],
          { unit: 'ms' },
        ),
      },
    ],
  };
}
