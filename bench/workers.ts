import { fork, type ChildProcess } from 'node:child_process';
import { workerHeapArgs } from '../src/dev/children.js';
import { stopped } from '../test/support/store.js';
import type { WorkerAsked, WorkerTold } from './worker-process.js';

/** A worker in a process of its own. */
export interface BenchWorker {
  pid: number;
  /** What it holds now, garbage collected. */
  memory(): Promise<WorkerTold>;
  /** Ends it at once: with it goes whatever it had in hand. */
  kill(): Promise<void>;
}

/**
 * Starts a worker with the heap that `npm start` gives it, and waits until it polls.
 * @throws Error where it ends before
 */
export async function startBenchWorker(asked: WorkerAsked): Promise<BenchWorker> {
  const inThreads = new URL('./thread-memory.mjs', import.meta.url).href;
  const child = fork(new URL('./worker-process.ts', import.meta.url), {
    execArgv: [...workerHeapArgs(process.env), '--import', 'tsx', '--import', inThreads],
  });
  child.send(asked);
  await told(child);
  return {
    pid: child.pid ?? 0,
    memory: () => {
      const answer = told(child);
      child.send('memory');
      return answer;
    },
    kill: () => stopped(child, 'SIGKILL'),
  };
}

/** Rejects where the worker has ended: then there is nothing to measure any more. */
function told(child: ChildProcess): Promise<WorkerTold> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`the worker ended with code ${code}`));
    if (child.exitCode !== null) gone(child.exitCode);
    child.once('exit', gone);
    child.once('message', (message: WorkerTold) => {
      child.off('exit', gone);
      resolve(message);
    });
  });
}
