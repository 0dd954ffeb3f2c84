import type { Meter } from '@opentelemetry/api';
import { RUN_CREW, SearchAttribute } from '../../contract/messages.js';
import { Metric } from '../../contract/telemetry.js';
import type { ApprovalView } from '../../contract/views.js';
import type { TemporalClient } from '../temporal/connection.js';

/** Temporal's numbers of the task queue types. Source: temporal.api.enums.v1.TaskQueueType */
const TYPES = [
  ['workflow', 1],
  ['activity', 2],
] as const;
const KINDS: ApprovalView['kind'][] = ['task_output', 'tool_call', 'budget'];
const TIMEOUT_MS = 2_000;

/**
 * What only Temporal knows, asked when it is read: how much waits in the queues, and how many runs wait for people. Every gateway
 * says the same: take the maximum, not the sum.
 */
export function observeTemporal(meter: Meter, client: TemporalClient, queues: readonly string[]): void {
  const backlog = meter.createObservableGauge(Metric.backlog, { description: 'Tasks that wait for a worker, about' });
  const age = meter.createObservableGauge(Metric.backlogAge, {
    unit: 's',
    description: 'How long the oldest task has waited, about',
  });
  const open = meter.createObservableGauge(Metric.approvalsOpen, {
    description: 'Runs that wait for a person, by what they ask: a run that asks several things of a kind counts once',
  });
  meter.addBatchObservableCallback(
    async (observed) => {
      await Promise.all(
        queues.flatMap((queue) =>
          TYPES.map(async ([type, taskQueueType]) => {
            const { stats } = await soon(client, () =>
              client.connection.workflowService.describeTaskQueue({
                namespace: client.options.namespace,
                taskQueue: { name: queue },
                taskQueueType,
                reportStats: true,
              }),
            );
            const { approximateBacklogCount: count, approximateBacklogAge: oldest } = stats ?? {};
            observed.observe(backlog, Number(count ?? 0), { queue, type });
            observed.observe(age, Number(oldest?.seconds ?? 0) + (oldest?.nanos ?? 0) / 1e9, { queue, type });
          }),
        ),
      );
    },
    [backlog, age],
  );
  open.addCallback(async (observed) => {
    await Promise.all(
      KINDS.map(async (kind) => {
        const query = `WorkflowType = '${RUN_CREW}' AND ExecutionStatus = 'Running' AND ${SearchAttribute.waiting} = '${kind}'`;
        const { count } = await soon(client, () => client.workflow.count(query));
        observed.observe(count, { kind });
      }),
    );
  });
}

function soon<T>(client: TemporalClient, call: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + TIMEOUT_MS, call);
}
