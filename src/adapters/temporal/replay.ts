import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, type WorkerPlugin, type WorkflowBundle } from '@temporalio/worker';
import { EncryptionError } from '../../contract/encryption-error.js';
import { DEFAULT_TENANT, workflowIdOf } from '../../contract/ids.js';
import type { Break, Replayed } from '../../ports.js';
import { payloadsIn } from './payloads.js';
import { Replayer } from './replayer.js';
import { bundleOptions } from './worker-options.js';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** A history and where it comes from. */
export interface NamedHistory {
  source: string;
  workflowId: string;
  history: History;
}

/** The histories of files: `temporal workflow show -o json`, or ours. A folder gives its `*.json`. @throws Error in words */
export function* readHistories(path: string): Generator<NamedHistory> {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length === 0) throw new Error(`${path}: no *.json files there`);
  for (const file of files) {
    try {
      const history = historyFromJSON(JSON.parse(readFileSync(file, 'utf8')));
      yield { source: file, workflowId: idIn(history) ?? file, history };
    } catch (error) {
      throw new Error(`${file}: is no history: ${error instanceof Error ? error.message : 'cannot be read'}`, {
        cause: error,
      });
    }
  }
}

/** The workflow id that a history names, as those of newer servers do: some workflows make ids of it. */
export function idIn({ events }: Pick<History, 'events'>): string | undefined {
  return events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
}

/** The histories of a run: of one that continued as new, of all its parts. @throws RunsError `run_not_found`, and what Temporal throws */
export async function* fetchHistories(
  client: Client,
  runId: string,
  tenant = DEFAULT_TENANT,
): AsyncGenerator<NamedHistory> {
  const workflowId = workflowIdOf(tenant, runId);
  const { raw, runId: latest } = await client.workflow.getHandle(workflowId).describe();
  let next: string | null | undefined = raw.workflowExecutionInfo?.firstRunId ?? latest;
  while (next) {
    const history = await client.workflow.getHandle(workflowId, next).fetchHistory();
    yield { source: `${runId} (${next})`, workflowId, history };
    next = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
}

/**
 * Replays histories on the workflow code here, bundled once, one after the other. What breaks one is in what it gives, and
 * hinders no other.
 */
export async function* replayHistories(
  histories: Iterable<NamedHistory> | AsyncIterable<NamedHistory>,
  options: { plugins: WorkerPlugin[]; dataConverter?: DataConverter },
): AsyncGenerator<Replayed> {
  let replayer: Replayer | undefined;
  try {
    for await (const { source, workflowId, history } of histories) {
      const events = history.events?.length ?? 0;
      try {
        await openAll(options.dataConverter, workflowId, history);
        // Not before there is one to replay: a runtime that no worker uses would keep the process from ending.
        replayer ??= new Replayer({ workflowBundle: await prepare(), ...options });
        await replayer.replay(history, workflowId);
        yield { source, events };
      } catch (error) {
        yield { source, events, broken: breakOf(error, history) };
      }
    }
  } finally {
    await replayer?.close();
  }
}

/** Opens everything before it is replayed: what the runtime would make of a missing key says nothing to anybody. */
async function openAll(converter: DataConverter | undefined, workflowId: string, history: History): Promise<void> {
  const context = { type: 'workflow', namespace: 'replay', workflowId } as const;
  for (const codec of converter?.payloadCodecs ?? []) await codec.decode(payloadsIn(history), context);
}

/** What breaks is told by us; the runtime's own words about it would come twice. */
function prepare(): Promise<WorkflowBundle> {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { forward: {}, filter: 'OFF' } },
  });
  return bundleWorkflowCode({ ...bundleOptions(), logger: new DefaultLogger('ERROR') });
}

/** Where it broke: the SDK's message names the activity or timer of the event that does not fit. */
function breakOf(error: unknown, { events }: History): Break {
  if (error instanceof EncryptionError) return { reason: error.message };
  const message = error instanceof Error ? error.message : 'it failed';
  const reason =
    /(?:Nondeterminism error: |failed with: )?([^"\n]{1,500})/.exec(message.replace(/^.*?\[TMPRL\d+\] /s, ''))?.[1] ??
    message;
  const named = [...message.matchAll(/'([^']+)'/g)].map((match) => match[1]);
  const numbered = /HistoryEvent\(id: (\d+)/.exec(message)?.[1];
  const event = (events ?? []).find(
    ({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
      (numbered !== undefined && String(eventId) === numbered) ||
      (scheduled?.activityId != null && named.includes(scheduled.activityId)),
  );
  if (!event) return { reason: reason.trim() };
  const activity = event.activityTaskScheduledEventAttributes?.activityId;
  const what = `${String(event.eventType)}${activity == null ? '' : ` ${activity}`}`;
  return { reason: reason.trim(), eventId: Number(event.eventId), event: what };
}
