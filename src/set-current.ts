import { parseArgs } from 'node:util';
import { makeCurrent } from './adapters/temporal/builds.js';
import { deploymentName, runOperator } from './operator.js';
import { StartError } from './process.js';

/**
 * `main.js set-current [--timeout SECONDS] [--ignore-missing-task-queues]`: waits until a worker of WORKER_BUILD_ID asks for work, then
 * lets new runs go to that build. Runs that are open stay on the build that they began on.
 */
await runOperator(async ({ config, client, say }) => {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      timeout: { type: 'string', default: '300' },
      'ignore-missing-task-queues': { type: 'boolean', default: false },
    },
  });
  const timeoutMs = Number(values.timeout) * 1000;
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) throw new StartError('--timeout: expected a number of seconds');
  const name = deploymentName(config);
  const buildId = config.WORKER_BUILD_ID ?? '';
  await makeCurrent(client, {
    deploymentName: name,
    buildId,
    taskQueue: config.TASK_QUEUE,
    timeoutMs,
    ignoreMissingTaskQueues: values['ignore-missing-task-queues'],
  });
  say(`new runs of '${name}' go to build '${buildId}'`);
});
