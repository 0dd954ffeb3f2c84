import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleOptionsAction,
  type ScheduleSpec as TemporalTimes,
} from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import {
  RUN_SCHEDULED,
  scheduledWorkflowId,
  type Overlap,
  type ScheduledInput,
  type ScheduleTimes,
} from '../../contract/coordination.js';
import { fairnessOf } from '../../contract/identity.js';
import { SearchAttribute } from '../../contract/messages.js';
import { RunsError } from '../../contract/runs-error.js';
import { splitCrewRef } from '../../crew/ref.js';
import type { CrewSchedules, ScheduleRecord, ScheduleRow, ScheduleSpec } from '../../ports.js';
import { bounded } from './bounded.js';
import { keywords } from './keywords.js';
import { iso } from './list.js';
import { POLICY, policyName, scheduledRuns } from './schedule-words.js';
import { equals } from './visibility.js';

/** Longest list of schedules. */
const MAX_LISTED = 1_000;

/** How late a start that was missed is made, unless said otherwise. Temporal's own is a year. */
const CATCHUP_SECONDS = 3_600;

/** The `CrewSchedules` port on Temporal Schedules: each fires a workflow that resolves the crew and holds the run. */
export function createCrewSchedules(client: Client, taskQueue: string): CrewSchedules {
  const handleOf = (tenant: string, id: string) => client.schedule.getHandle(scheduleIdOf(tenant, id));
  const on = async <T>(call: () => Promise<T>): Promise<T> => bounded(client, () => inWords(call));
  return {
    create: (tenant, id, spec, requestDigest) => on(() => create(client, taskQueue, tenant, id, spec, requestDigest)),
    get: async (tenant, id) => {
      const description = await on(() => handleOf(tenant, id).describe());
      return recordOf(client, tenant, id, description);
    },
    list: (tenant) => on(() => list(client, tenant)),
    update: (tenant, id, spec) =>
      on(() =>
        handleOf(tenant, id).update(({ state }) => {
          const { paused, note } = state;
          return { ...optionsOf(taskQueue, tenant, id, spec), state: { paused, ...(note !== undefined && { note }) } };
        }),
      ),
    remove: (tenant, id) => on(() => handleOf(tenant, id).delete()),
    pause: (tenant, id, note) => on(() => handleOf(tenant, id).pause(note)),
    resume: (tenant, id, note) => on(() => handleOf(tenant, id).unpause(note)),
    trigger: (tenant, id, overlap) =>
      on(() => handleOf(tenant, id).trigger(overlap === undefined ? undefined : POLICY[overlap])),
    backfill: (tenant, id, from, to, overlap: Overlap = 'bufferAll') =>
      on(() => handleOf(tenant, id).backfill({ start: new Date(from), end: new Date(to), overlap: POLICY[overlap] })),
  };
}

/** The id of a schedule in Temporal. */
function scheduleIdOf(tenant: string, id: string): string {
  return `crew/${tenant}/${id}`;
}

async function create(
  client: Client,
  taskQueue: string,
  tenant: string,
  id: string,
  spec: ScheduleSpec,
  requestDigest: string | undefined,
) {
  const { paused, note } = spec;
  try {
    await client.schedule.create({
      scheduleId: scheduleIdOf(tenant, id),
      ...optionsOf(taskQueue, tenant, id, spec),
      memo: { ...(requestDigest !== undefined && { requestDigest }) },
      state: { paused, ...(note !== undefined && { note }) },
    });
    return { created: true };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { memo } = await client.schedule.getHandle(scheduleIdOf(tenant, id)).describe();
    const digest = memo?.['requestDigest'];
    return { created: false, ...(typeof digest === 'string' && { requestDigest: digest }) };
  }
}

function optionsOf(
  taskQueue: string,
  tenant: string,
  id: string,
  spec: ScheduleSpec,
): Pick<ScheduleOptions, 'spec' | 'policies' | 'typedSearchAttributes'> & { action: ScheduleOptionsAction } {
  const { crew, inputs, label, when, overlap, catchupWindowSeconds = CATCHUP_SECONDS, webhooks } = spec;
  const argument: ScheduledInput = {
    crew,
    inputs,
    ...(label !== undefined && { label }),
    when,
    ...(webhooks && { webhooks }),
  };
  return {
    spec: timesOf(when),
    policies: { overlap: POLICY[overlap], catchupWindow: catchupWindowSeconds * 1000 },
    typedSearchAttributes: keywords({
      [SearchAttribute.tenant]: tenant,
      [SearchAttribute.crew]: splitCrewRef(crew).name,
    }),
    action: {
      type: 'startWorkflow',
      workflowType: RUN_SCHEDULED,
      workflowId: scheduledWorkflowId(tenant, id),
      args: [argument],
      taskQueue,
      typedSearchAttributes: keywords({ [SearchAttribute.tenant]: tenant }),
      ...fairnessOf(tenant),
      staticSummary: `${id} · ${crew}`,
    },
  };
}

function timesOf({ cron, intervals, timeZone, startAt, endAt, jitterSeconds }: ScheduleTimes): TemporalTimes {
  return {
    ...(cron && { cronExpressions: cron }),
    ...(intervals && {
      intervals: intervals.map(({ everySeconds, offsetSeconds = 0 }) => ({
        every: everySeconds * 1000,
        offset: offsetSeconds * 1000,
      })),
    }),
    ...(timeZone !== undefined && { timezone: timeZone }),
    ...(startAt !== undefined && { startAt: new Date(startAt) }),
    ...(endAt !== undefined && { endAt: new Date(endAt) }),
    ...(jitterSeconds !== undefined && { jitter: jitterSeconds * 1000 }),
  };
}

async function recordOf(
  client: Client,
  tenant: string,
  id: string,
  { action, policies, state, info }: ScheduleDescription,
): Promise<ScheduleRecord> {
  const { crew, inputs, label, when, webhooks } = (action.args?.[0] ?? {}) as ScheduledInput;
  return {
    id,
    crew,
    inputs,
    when,
    overlap: policyName(policies.overlap),
    catchupWindowSeconds: policies.catchupWindow / 1000,
    paused: state.paused,
    nextTimes: info.nextActionTimes.map((time) => time.toISOString()),
    recentRuns: await scheduledRuns(client, tenant, info.recentActions),
    createdAt: info.createdAt.toISOString(),
    fired: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
    ...(label !== undefined && { label }),
    ...(webhooks && { webhooks }),
    ...(state.note && { note: state.note }),
    ...(info.lastUpdatedAt && { updatedAt: info.lastUpdatedAt.toISOString() }),
  };
}

/** Read as the server has it: the SDK would open every row's memo, which is not listed, and fail the list where a key is missing. */
async function list(client: Client, tenant: string): Promise<ScheduleRow[]> {
  const rows: ScheduleRow[] = [];
  const asked = { namespace: client.options.namespace, query: equals(SearchAttribute.tenant, tenant) };
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.listSchedules({ ...asked, maximumPageSize: MAX_LISTED, nextPageToken });
    for (const { scheduleId, searchAttributes, info } of page.schedules) {
      const crew = searchAttributes?.indexedFields?.[SearchAttribute.crew];
      const name = crew && [defaultPayloadConverter.fromPayload<unknown>(crew)].flat()[0];
      rows.push({
        id: scheduleId?.slice(scheduleId.lastIndexOf('/') + 1) ?? '',
        crew: typeof name === 'string' ? name : '',
        paused: info?.paused === true,
        nextTimes: (info?.futureActionTimes ?? []).flatMap((time) => iso(time) ?? []),
        ...(info?.notes && { note: info.notes }),
      });
    }
    ({ nextPageToken } = page);
  } while (nextPageToken.length > 0 && rows.length < MAX_LISTED);
  return rows.slice(0, MAX_LISTED);
}

/** Puts what Temporal says of schedules into the port's words. */
async function inWords<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) {
      throw new RunsError('schedule_not_found', 'There is no schedule with this id', { cause: error });
    }
    // What the SDK makes of an invalid argument. Its message is the server's: it names what is wrong with the times.
    if (!(error instanceof TypeError)) throw error;
    const message = `Temporal does not take these times: ${error.message.slice(0, 300)}`;
    throw new RunsError('schedule_refused', message, { cause: error });
  }
}
