import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { startTelemetry } from '../src/adapters/telemetry.js';
import type { TemporalClient } from '../src/adapters/temporal/connection.js';
import { createCrewRuns } from '../src/adapters/temporal/crew-runs.js';
import { DEFAULT_TENANT } from '../src/contract/ids.js';
import type { Crew, CrewRuns, WaitingRun } from '../src/ports.js';
import { startScriptedModel } from '../src/scripted-model/server.js';
import { uniqueName } from '../test/support/crews.js';
import { crewWith } from '../test/support/engine.js';
import { modelFactsFor, scriptedModels } from '../test/support/parts.js';
import { stopped, stopTestStore, testStore } from '../test/support/store.js';
import { stopTestServer, testServer } from '../test/support/temporal.js';
import type { Asked, Told } from './parked-worker.js';

/**
 * `npm run bench:parked -- [RUNS]`: that many runs that each wait for a person, at the same time; walks their inbox by cursor, and
 * measures how old it is. Writes `bench/parked.md`. Figures of one run on one machine.
 */
const RUNS = Number(process.argv[2] ?? 10_000);
const AT_ONCE = 20;
/** Runs that are under way to their question at the same time: more would only wait for the worker. */
const UNDER_WAY = 200;
const PAGE = 100;
const SAMPLES = 50;
const WALK_LIMIT_MS = 60_000;

const say = (text: string) => process.stdout.write(`${new Date().toISOString()} ${text}\n`);
const { env, bundle } = await testServer();
const { store, databaseUrl } = await testStore();
const model = await startScriptedModel({ script: { answers: [{ text: 'A text to look at.', repeat: true }] } });
const { plugin } = startTelemetry('bench', false);
const client = new Client({ connection: env.connection, plugins: [plugin] }) as TemporalClient;
const taskQueue = uniqueName('parked');
const runs = createCrewRuns(client, store, taskQueue);
const models = scriptedModels(model.url);
const worker = await startWorker();

const name = uniqueName('parked').slice(0, 40);
const crew = crewWith({ a: { approval: { question: 'Fit to be sent?', assignees: ['ada'] } } }, { name });
const facts = modelFactsFor(models, crew.definition);

say(`starting ${RUNS} runs`);
const began = Date.now();
const ids = await startAll(RUNS, crew);
const whole = await whenListed(RUNS);
const parkedMs = Date.now() - began;
const rss = await askWorker();
say(`parked after ${Math.round(parkedMs / 1000)} s; worker ${mb(rss)}`);

const walks = [whole, await walk({}), await walk({ assignee: 'ada' })];
for (const { found } of walks) requireEach(found, ids);
const pages = walks.flatMap(({ pageMs }) => pageMs);
say('walked; measuring how old the inbox is');
const gone = await sample(SAMPLES, goneAfter);
const listed = await sample(SAMPLES, listedAfter);
const decide = gone.map(([, decideMs = 0]) => decideMs);
report();
await stopAll();
process.exit(0);

async function startWorker(): Promise<ChildProcess> {
  const child = fork(new URL('./parked-worker.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the worker ended with code ${code}`)));
  });
  child.send({
    address: env.address,
    taskQueue,
    databaseUrl,
    modelUrl: model.url,
    workflowCode: bundle.code,
  } satisfies Asked);
  await ready;
  child.once('exit', (code, signal) => {
    if (signal === 'SIGKILL') return;
    say(`the worker ended (${signal ?? code}): there is nothing to measure any more`);
    void stopAll().finally(() => process.exit(1));
  });
  return child;
}

/** Resident memory of the worker, in bytes. */
function askWorker(): Promise<number> {
  return new Promise((resolve) => {
    worker.once('message', ({ rss: bytes }: Told) => resolve(bytes));
    worker.send('rss');
  });
}

async function startOne(): Promise<string> {
  const runId = randomUUID();
  await retried(() => runs.start({ tenant: DEFAULT_TENANT, runId, crew, inputs: {}, models: facts }));
  return runId;
}

async function startAll(count: number, { ref }: Crew): Promise<string[]> {
  const started: string[] = [];
  let parked = 0;
  const counting = setInterval(() => void countParked().then((now) => (parked = now)), 1_000);
  const lane = async () => {
    while (started.length < count) {
      if (started.length - parked > UNDER_WAY) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        continue;
      }
      const at = started.push('') - 1;
      started[at] = await startOne();
      if ((at + 1) % 1000 === 0) say(`${at + 1} started of ${ref.name}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  clearInterval(counting);
  return started;
}

/** How many wait, or 0 where the server does not answer. */
async function countParked(): Promise<number> {
  const query = `CrewName = '${name}' AND CrewWaiting = 'open'`;
  const { count } = await client.workflow.count(query).catch(() => ({ count: 0 }));
  return count;
}

/** A busy server may not answer in time; to start the same run again is safe. */
async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

async function whenListed(count: number) {
  for (;;) {
    const waiting = await countParked();
    if (waiting >= count) return walk({});
    say(`${waiting} wait`);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
  }
}

/** The whole inbox, page by page. */
async function walk(filter: Pick<Parameters<CrewRuns['inbox']>[0], 'assignee'>) {
  const found: WaitingRun[] = [];
  const pageMs: number[] = [];
  let cursor: string | undefined;
  const until = Date.now() + WALK_LIMIT_MS;
  do {
    const at = performance.now();
    const page = await retried(() =>
      runs.inbox({
        tenant: DEFAULT_TENANT,
        crew: name,
        limit: PAGE,
        ...filter,
        ...(cursor !== undefined && { cursor }),
      }),
    );
    pageMs.push(performance.now() - at);
    found.push(...page.runs);
    cursor = page.nextCursor;
  } while (cursor !== undefined && Date.now() < until);
  return { found, pageMs };
}

function requireEach(found: readonly WaitingRun[], expected: readonly string[]): void {
  const seen = new Set(found.map(({ runId }) => runId));
  const missing = expected.filter((runId) => !seen.has(runId)).length;
  if (seen.size !== found.length || missing > 0 || found.some(({ open }) => open.length !== 1)) {
    throw new Error(`the inbox is wrong: ${found.length} rows, ${seen.size} runs, ${missing} missing`);
  }
}

/** Measured one after the other, each on another run. */
async function sample(count: number, measure: (at: number) => Promise<number[]>): Promise<number[][]> {
  const measured: number[][] = [];
  for (let at = 0; at < count; at++) measured.push(await measure(at));
  return measured;
}

/** How long a decided approval is still listed, from the answer to the decision on; and what the decision took. */
async function goneAfter(at: number): Promise<number[]> {
  // Spread over old and new: most of these runs are in no worker's cache any more.
  const runId = ids[Math.floor((at * ids.length) / SAMPLES)] ?? '';
  const sent = performance.now();
  await runs.decide(DEFAULT_TENANT, runId, { approvalId: 'a.output.1', action: 'approve', by: 'ada' }, 'bench');
  const decided = performance.now();
  await until(async () => !(await isListed(runId)));
  return [performance.now() - decided, decided - sent];
}

/** How long an approval is not listed yet, from the first moment on that the run itself has it. */
async function listedAfter(): Promise<number[]> {
  const runId = await startOne();
  await until(async () => {
    const record = await runs.get(DEFAULT_TENANT, runId).catch(() => undefined);
    return record?.view.approvals[0]?.status === 'open';
  });
  const asked = performance.now();
  await until(() => isListed(runId));
  return [performance.now() - asked];
}

/** Asks for this run's row alone, with the inbox's own query: a whole walk would measure itself. */
async function isListed(runId: string): Promise<boolean> {
  const { executions } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: 1,
    query: `WorkflowId = 'crew/${DEFAULT_TENANT}/${runId}' AND ExecutionStatus = 'Running' AND CrewWaiting = 'open'`,
  });
  return executions.length > 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

function quantile(values: readonly number[], part: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)} ms`;
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function report(): void {
  const row = (what: string, values: readonly number[]) =>
    `| ${what} | ${quantile(values, 0.5)} | ${quantile(values, 0.95)} | ${quantile(values, 1)} |`;
  const first = (values: number[][]) => values.map(([value = 0]) => value);
  const text = [
    '# Many runs that wait for a person',
    '',
    `\`npm run bench:parked\`: ${RUNS.toLocaleString('en')} runs that each ask a person, open at the same time, on the Temporal dev server with its`,
    'database in memory, one worker, the embedded store and a model with no latency: 2 cores for all of it, shared with others,',
    'one run. The inbox was walked three times by cursor, the third time by assignee: each walk had each run exactly once.',
    '',
    `From the first start until all of them waited: ${Math.round(parkedMs / 1000)} s. Resident memory of the worker then: ${mb(rss)}.`,
    '',
    '|  | p50 | p95 | longest |',
    '| --- | --- | --- | --- |',
    row(`a page of ${PAGE} runs (${pages.length} pages)`, pages),
    row(`a decision (${SAMPLES}, most of them on runs that the worker had to replay)`, decide),
    row(`answer to a decision → gone from the inbox (${SAMPLES})`, first(gone)),
    row(`the run asks → listed in the inbox (${SAMPLES})`, first(listed)),
    '',
    'A waiting run takes no timer, no activity and no place in a worker: its cache holds what fits, and a run that is decided is',
    'replayed from its history first where it is not there any more.',
    '',
  ].join('\n');
  writeFileSync(new URL('./parked.md', import.meta.url), text);
  say(`\n${text}`);
}

async function stopAll(): Promise<void> {
  await stopped(worker, 'SIGKILL');
  await model.close();
  await Promise.all([stopTestServer(), stopTestStore()]);
}
