import type { Meter } from '@opentelemetry/api';
import { RUN_CREW, SearchAttribute } from '../../contract/messages.js';
import { Attribute, Metric } from '../../contract/telemetry.js';
import type { ApprovalView } from '../../contract/views.js';
import type { TemporalClient } from '../temporal/connection.js';
import { equals } from '../temporal/visibility.js';
import { countEnds } from './run-ends.js';

/** Temporal's numbers of the task queue types. Source: temporal.api.enums.v1.TaskQueueType */
const TYPES = [
  ['workflow', 1],
  ['activity', 2],
] as const;
const KINDS: ApprovalView['kind'][] = ['task_output', 'tool_call', 'budget'];
/** What every run that waits is found by. */
const ANY_KIND = 'open';
const TIMEOUT_MS = 2_000;

/**
 * What only Temporal knows, asked when it is read: how much waits in the queues, how many runs wait for people, and how many have ended,
 * also those that were ended from outside. Every gateway says the same: take the maximum, not the sum.
 */
export function observeTemporal(meter: Meter, client: TemporalClient, queues: readonly string[]): void {
  const backlog = meter.createObservableGauge(Metric.backlog, { description: 'Tasks that wait for a worker, about' });
  const age = meter.createObservableGauge(Metric.backlogAge, {
    unit: 's',
    description: 'How long the oldest task has waited, about',
  });
  const open = meter.createObservableGauge(Metric.approvalsOpen, {
    description:
      'Runs with an open approval of a kind, not approvals: a run counts once for each kind that it asks, however many it asks of it',
  });
  const waiting = meter.createObservableGauge(Metric.runsWaiting, { description: 'Runs that wait for a person' });
  const closed = meter.createObservableCounter(Metric.runsClosed, {
    description:
      'Runs that ended since this gateway started, by status, also those that were terminated or timed out, as Temporal counts them',
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
  /** Open runs whose waiting words have this one. */
  const waitingFor = async (word: string) => {
    const query = `WorkflowType = '${RUN_CREW}' AND ExecutionStatus = 'Running' AND ${equals(SearchAttribute.waiting, word)}`;
    return (await soon(client, () => client.workflow.count(query))).count;
  };
  open.addCallback(async (observed) => {
    await Promise.all(KINDS.map(async (kind) => observed.observe(await waitingFor(kind), { kind })));
  });
  waiting.addCallback(async (observed) => observed.observe(await waitingFor(ANY_KIND)));
  const endsByStatus = countEnds((query) => soon(client, () => client.workflow.count(query)));
  closed.addCallback(async (observed) => {
    for (const [status, count] of await endsByStatus()) observed.observe(count, { [Attribute.status]: status });
  });
}

function soon<T>(client: TemporalClient, call: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + TIMEOUT_MS, call);
}
