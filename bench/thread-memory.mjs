import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/**
 * Loaded by `--import` into each thread of a worker process: the one with workflow code tells what it holds, garbage collected. Only
 * from within can a thread's garbage be collected, and the SDK has no place for code of ours there. In JavaScript, as tsx does not serve
 * what a thread is started with.
 */
if (!isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const channel = new BroadcastChannel('workflow-memory');
  channel.unref();
  channel.onmessage = ({ data }) => {
    if (data !== 'tell' || !process.argv[1]?.includes('workflow-worker-thread')) return;
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    channel.postMessage(heapUsed + external);
  };
}
