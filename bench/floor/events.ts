import proto from '@temporalio/proto';

type History = proto.temporal.api.history.v1.IHistory;

const { EventType } = proto.temporal.api.enums.v1;

/** What of a history Temporal Cloud bills as an action. Workflow tasks are none. */
const ACTIONS: readonly string[] = [
  'WORKFLOW_EXECUTION_STARTED',
  'ACTIVITY_TASK_SCHEDULED',
  'TIMER_STARTED',
  'MARKER_RECORDED',
  'WORKFLOW_EXECUTION_SIGNALED',
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
  'WORKFLOW_PROPERTIES_MODIFIED',
  'START_CHILD_WORKFLOW_EXECUTION_INITIATED',
  'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
];

/** What one more model call adds to a history. */
export interface Added {
  events: number;
  actions: number;
  /** Bytes of payloads. */
  bytes: number;
  kinds: Record<string, number>;
}

/** What each of the calls added that the longer history has more. */
export function addedPerCall(shorter: History, longer: History, calls: number): Added {
  const [few, many] = [countsOf(shorter), countsOf(longer)];
  const kinds = Object.fromEntries(
    Object.entries(many)
      .map(([kind, count]) => [kind, (count - (few[kind] ?? 0)) / calls] as const)
      .filter(([, count]) => count !== 0),
  );
  const sum = (of: (kind: string) => boolean) =>
    Object.entries(kinds).reduce((total, [kind, count]) => total + (of(kind) ? count : 0), 0);
  return {
    events: sum(() => true),
    actions: sum((kind) => ACTIONS.includes(kind)),
    bytes: (bytesOf(longer) - bytesOf(shorter)) / calls,
    kinds,
  };
}

/** Rows of a Markdown table. */
export function tableOfEvents({ product, bare }: { product: Added; bare: Added }): string[] {
  const kinds = [...new Set([...Object.keys(product.kinds), ...Object.keys(bare.kinds)])];
  return [
    '| added per call | product | floor |',
    '| --- | --- | --- |',
    `| events | **${product.events}** | **${bare.events}** |`,
    `| actions | **${product.actions}** | **${bare.actions}** |`,
    ...kinds.map((kind) => `| ${inWords(kind)} | ${product.kinds[kind] ?? 0} | ${bare.kinds[kind] ?? 0} |`),
    `| bytes of payloads | ${Math.round(product.bytes)} | ${Math.round(bare.bytes)} |`,
  ];
}

/** Rows of a Markdown list: what one history has and the other has not. */
export function extrasOf(product: History, bare: History): string[] {
  const [ours, floor] = [countsOf(product), countsOf(bare)];
  const more = Object.keys({ ...ours, ...floor })
    .map((kind) => [kind, (ours[kind] ?? 0) - (floor[kind] ?? 0)] as const)
    .filter(([, count]) => count !== 0);
  const events =
    more.length === 0
      ? ['- events and actions: none, the histories have the same events']
      : more.map(([kind, count]) => `- ${inWords(kind)}: ${count} more`);
  const [started, bareStarted] = [startOf(product), startOf(bare)];
  return [
    ...events,
    `- with the start: the definition and the models’ facts (${sizeOf(started?.input)} bytes, ${sizeOf(bareStarted?.input)} at the floor), a memo (${sizeOf(started?.memo)} bytes), search attributes (${sizeOf(started?.searchAttributes)} bytes), a summary`,
    `- with each call: an id and a summary that name its place, and the trace’s header`,
    `- with the end: the closing record, the last view and all events (${sizeOf(endOf(product))} bytes, ${sizeOf(endOf(bare))} at the floor), so that a closed run is read without a worker`,
    `- with each workflow task: the details that the Temporal UI shows; they are in no event`,
  ];
}

/** Events by kind; workflow tasks that timed out on a busy machine apart, and what was scheduled for them. */
function countsOf({ events }: History): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { eventType } of events ?? []) {
    const kind = String(EventType[eventType ?? 0]).replace('EVENT_TYPE_', '');
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const timedOut = counts['WORKFLOW_TASK_TIMED_OUT'] ?? 0;
  delete counts['WORKFLOW_TASK_TIMED_OUT'];
  if (timedOut > 0)
    for (const kind of ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED'])
      counts[kind] = (counts[kind] ?? 0) - timedOut;
  return counts;
}

function startOf({ events }: History) {
  return events?.[0]?.workflowExecutionStartedEventAttributes;
}

function endOf({ events }: History) {
  return events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result;
}

function bytesOf({ events }: History): number {
  return sizeOf(events);
}

/** Bytes of all payloads in a part of a history. */
function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + sizeOf(inner), 0);
}

function inWords(kind: string): string {
  return kind.toLowerCase().replaceAll('_', ' ');
}
