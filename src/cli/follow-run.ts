import type { FollowItem, Run } from '../client/index.js';
import { Asker } from './asker.js';
import type { Call } from './call.js';
import { EXIT } from './exit.js';
import { clean, costOf, timeOf } from './text.js';
import { LiveView } from './view.js';

/** The person pressed Ctrl-C. */
export class Interrupted extends Error {}

/** How a run is watched. */
export interface WatchOptions {
  /** Only events with a `seq` above this. */
  after?: number;
  deltas?: boolean;
  /** Ask for approvals right here, on a terminal. */
  ask?: boolean;
  /** Every item as a line of JSON on standard output. */
  lines?: boolean;
  /** Nothing on standard error while it goes. */
  quiet?: boolean;
}

/**
 * Watches a run to its end, and gives it.
 * @throws Interrupted at Ctrl-C, which leaves the run alone; ServiceError
 */
export async function followToEnd(call: Call, runId: string, options: WatchOptions): Promise<Run> {
  const { client, deps } = call;
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Interrupted());
  const release = deps.onInterrupt(interrupt);
  const view = new LiveView(call, options.deltas !== true);
  const asks = options.ask !== false && deps.terminal.interactive && !call.json;
  const asker = asks ? new Asker(call, runId, view, interrupt) : undefined;
  const { after = 0, deltas = false } = options;
  let begun = false;
  try {
    for await (const item of client.follow(runId, { after, deltas, signal: stop.signal })) {
      if (options.lines && item.type !== 'reconnecting') deps.out(`${JSON.stringify(item)}\n`);
      if (!options.quiet && !options.lines) show(call, view, runId, item, !begun);
      if (item.type === 'approval.requested' && !asker && !call.json)
        call.say(
          call.errColours.dim(`  crew approve ${runId} ${item.data.approvalId}   (or reject, edit, skip, abort)`),
        );
      begun ||= item.type === 'snapshot';
      if (asker) tell(asker, item);
    }
    await asker?.end();
    view.stop();
    return await client.runs.get(runId);
  } catch (error) {
    await asker?.end();
    view.stop();
    if (error instanceof Interrupted)
      call.say(`\nThe run goes on. Watch it again: crew watch ${runId}   End it: crew cancel ${runId}`);
    throw error;
  } finally {
    release();
  }
}

/** Says how a run ended, and puts its output on standard output. Gives the exit code. */
export function showEnd(call: Call, run: Run): number {
  const { print, say, errColours, json, deps } = call;
  const ok = run.status === 'completed';
  const output = run.result?.output ?? '';
  if (json) print(run, () => '');
  else {
    const status = ok ? errColours.green(run.status) : errColours.red(run.status);
    say(`${status} in ${timeOf(run)} · ${costOf(run.usage)} · ${run.runId}`);
    if (run.error)
      say(
        `${run.error.taskId === undefined ? '' : `${run.error.taskId}: `}${clean(run.error.message)} (${run.error.code})`,
      );
    if (run.status === 'failed') say(errColours.dim(`Once more from there: crew retry ${run.runId}`));
    print(run, () => (deps.terminal.outIsTerminal ? clean(output) : output));
  }
  return ok ? EXIT.ok : EXIT.failed;
}

function show(call: Call, view: LiveView, runId: string, item: FollowItem, first: boolean): void {
  switch (item.type) {
    case 'snapshot':
      return view.snapshot(item.run, first);
    case 'reconnecting':
      return view.line(call.errColours.yellow(`${item.reason}; the run itself goes on, looking again`));
    case 'delta':
    case 'reset':
      return view.live(item);
    case 'end':
      return;
    default:
      view.event(item);
      // Events do not say what calls cost.
      if (item.type === 'task.completed' || item.type === 'task.failed')
        call.client.runs.get(runId).then(
          (run) => view.refresh(run),
          () => undefined,
        );
  }
}

function tell(asker: Asker, item: FollowItem): void {
  if (item.type === 'snapshot') {
    for (const { id, status } of item.run.approvals) if (status === 'open') asker.add(id);
  } else if (item.type === 'approval.requested') asker.add(item.data.approvalId);
  else if (item.type === 'approval.decided' || item.type === 'approval.expired' || item.type === 'approval.withdrawn')
    asker.close(item.data.approvalId);
}
