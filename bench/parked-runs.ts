import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { startTelemetry } from '../src/adapters/telemetry.js';
import type { TemporalClient } from '../src/adapters/temporal/connection.js';
import { createCrewRuns } from '../src/adapters/temporal/crew-runs.js';
import { DEFAULT_TENANT, workflowIdOf } from '../src/contract/ids.js';
import type { CrewRuns, WaitingRun } from '../src/ports.js';
import { startScriptedModel } from '../src/scripted-model/server.js';
import { uniqueName } from '../test/support/crews.js';
import { crewWith } from '../test/support/engine.js';
import { modelFactsFor, scriptedModels } from '../test/support/parts.js';
import { testStore } from '../test/support/store.js';
import { testServer } from '../test/support/temporal.js';
import { startBenchWorker, type BenchWorker } from './workers.js';

const AT_ONCE = 20;
/** Runs that are under way to their question at the same time: more would put each other out of the worker's cache. */
const UNDER_WAY = 100;
const PAGE = 100;
const WALK_LIMIT_MS = 60_000;

/** Runs that each wait for Ada, and what can be asked of them. */
export interface ParkedRuns {
  worker: BenchWorker;
  /** In the order of their starts. */
  ids: readonly string[];
  /** Starts more, until so many in all wait, or none after `deadline` (`performance.now()`), and gives how many wait. */
  growTo(count: number, deadline: number): Promise<number>;
  /** The whole inbox by cursor, each run once; gives what each page took. @throws Error where one is missing or twice */
  walk(filter: Pick<Parameters<CrewRuns['inbox']>[0], 'assignee'>): Promise<number[]>;
  /** Approves, and gives how long the answer, the end of the run and its leaving of the inbox took. */
  resume(runId: string): Promise<Resumed>;
  /** How long a run that asks is not listed yet, from the first moment on that it says so itself. */
  listedAfter(): Promise<number>;
  stop(): Promise<void>;
}

/** Milliseconds from the decision on. */
export interface Resumed {
  answered: number;
  ended: number;
  /** From the answer on. */
  gone: number;
}

/** A Temporal server in memory, the embedded store, a model with no latency, and one worker. */
export async function startParkedRuns(): Promise<ParkedRuns> {
  const { env, bundle } = await testServer();
  const { store, databaseUrl } = await testStore();
  const model = await startScriptedModel({ script: { answers: [{ text: 'A text to look at.', repeat: true }] } });
  const { plugin } = startTelemetry('bench', false);
  const client = new Client({ connection: env.connection, plugins: [plugin] }) as TemporalClient;
  const taskQueue = uniqueName('parked');
  const runs = createCrewRuns(client, store, taskQueue);
  const models = scriptedModels(model.url);
  const worker = await startBenchWorker({
    address: env.address,
    taskQueue,
    databaseUrl,
    modelUrl: model.url,
    workflowCode: bundle.code,
  });
  const name = uniqueName('parked').slice(0, 40);
  const crew = crewWith({ a: { approval: { question: 'Fit to be sent?', assignees: ['ada'] } } }, { name });
  const facts = modelFactsFor(models, crew.definition);
  const ids: string[] = [];

  const startOne = async () => {
    const runId = randomUUID();
    await retried(() => runs.start({ tenant: DEFAULT_TENANT, runId, crew, inputs: {}, models: facts }));
    return runId;
  };
  /** How many wait, or 0 where the server does not answer. */
  const countParked = async () => {
    const query = `CrewName = '${name}' AND CrewWaiting = 'open'`;
    const { count } = await client.workflow.count(query).catch(() => ({ count: 0 }));
    return count;
  };
  /** Asks for this run's row alone, with the inbox's own query: a whole walk would measure itself. */
  const isListed = async (runId: string) => {
    const { executions } = await client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      pageSize: 1,
      query: `WorkflowId = '${workflowIdOf(DEFAULT_TENANT, runId)}' AND ExecutionStatus = 'Running' AND CrewWaiting = 'open'`,
    });
    return executions.length > 0;
  };

  return {
    worker,
    ids,
    growTo: async (count, deadline) => {
      let parked = await countParked();
      const counting = setInterval(() => void countParked().then((now) => (parked = now)), 1_000);
      const lane = async () => {
        while (ids.length < count && performance.now() < deadline) {
          if (ids.length - parked > UNDER_WAY) {
            await pause(100);
            continue;
          }
          const at = ids.push('') - 1;
          ids[at] = await startOne();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      clearInterval(counting);
      await until(async () => (await countParked()) >= ids.length, 500);
      return ids.length;
    },
    walk: async (filter) => {
      const found: WaitingRun[] = [];
      const pageMs: number[] = [];
      let cursor: string | undefined;
      const deadline = Date.now() + WALK_LIMIT_MS;
      do {
        const at = performance.now();
        const more = cursor === undefined ? {} : { cursor };
        const asked = { tenant: DEFAULT_TENANT, crew: name, limit: PAGE, ...filter, ...more };
        const page = await retried(() => runs.inbox(asked));
        pageMs.push(performance.now() - at);
        found.push(...page.runs);
        cursor = page.nextCursor;
      } while (cursor !== undefined && Date.now() < deadline);
      requireEach(found, ids);
      return pageMs;
    },
    resume: async (runId) => {
      const sent = performance.now();
      const since = () => performance.now() - sent;
      const ending = client.workflow.getHandle(workflowIdOf(DEFAULT_TENANT, runId)).result().then(since);
      await runs.decide(DEFAULT_TENANT, runId, { approvalId: 'a.output.1', action: 'approve', by: 'ada' }, 'bench');
      const answered = since();
      await until(async () => !(await isListed(runId)), 5);
      const gone = since() - answered;
      return { answered, ended: await ending, gone };
    },
    listedAfter: async () => {
      const runId = await startOne();
      await until(async () => {
        const record = await runs.get(DEFAULT_TENANT, runId).catch(() => undefined);
        return record?.view.approvals[0]?.status === 'open';
      }, 5);
      const asked = performance.now();
      await until(() => isListed(runId), 5);
      return performance.now() - asked;
    },
    stop: async () => {
      await worker.kill();
      await model.close();
    },
  };
}

function requireEach(found: readonly WaitingRun[], expected: readonly string[]): void {
  const seen = new Set(found.map(({ runId }) => runId));
  const missing = expected.filter((runId) => !seen.has(runId)).length;
  if (seen.size !== found.length || missing > 0 || found.some(({ open }) => open.length !== 1))
    throw new Error(`the inbox is wrong: ${found.length} rows, ${seen.size} runs, ${missing} missing`);
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

async function until(holds: () => Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await holds())) await pause(everyMs);
}
