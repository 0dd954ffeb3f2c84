import { workflowIdOf } from '../../contract/ids.js';
import { RunsError } from '../../contract/runs-error.js';
import type { CrewRuns, RunWatch } from '../../ports.js';
import { findRun, watchBell, type Found } from './bell.js';
import type { TemporalClient } from './connection.js';
import { WatchedRun, type ReaderLimits } from './watched-run.js';

/** How long an opening waits for the events of a run that has ended. */
const OPEN_MS = 5_000;

/** What may be set otherwise, by tests. */
interface WatchOptions {
  limits: ReaderLimits;
  bell: typeof watchBell;
}

const DEFAULTS: WatchOptions = { limits: { events: 1_000, chars: 1_000_000 }, bell: watchBell };

/** The `RunWatch` port on Temporal: one long poll a run on its history as a bell, and `runs` to read what is new. */
export function createRunWatch(
  client: TemporalClient,
  runs: Pick<CrewRuns, 'events' | 'get'>,
  options: Partial<WatchOptions> = {},
): RunWatch {
  const { limits, bell } = { ...DEFAULTS, ...options };
  const watched = new Map<string, WatchedRun>();
  const watch = (tenant: string, runId: string, after: number, found: Found | undefined) => {
    const workflowId = workflowIdOf(tenant, runId);
    const known = watched.get(workflowId);
    if (known && !known.isOver) return known;
    const source = {
      bell: (signal: AbortSignal) => bell(client, workflowId, signal, found),
      events: (from: number) => runs.events(tenant, runId, from),
      record: () => runs.get(tenant, runId),
    };
    const made = new WatchedRun(source, limits, after);
    watched.set(workflowId, made);
    return made;
  };
  return {
    async open(tenant, runId, { after, resumes, signal }) {
      const workflowId = workflowIdOf(tenant, runId);
      const found = await findRun(client, workflowId).catch((error: unknown) => {
        if (resumes && error instanceof RunsError && error.reason === 'temporal_unavailable') return undefined;
        throw error;
      });
      const run = watch(tenant, runId, after, found);
      const reader = run.join(after);
      const leave = () => {
        run.leave(reader);
        if (run.isOver && watched.get(workflowId) === run) watched.delete(workflowId);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      const isOver = found?.closed !== undefined && (await run.hasAll(reader, OPEN_MS));
      return { isOver, items: run.read(reader) };
    },
  };
}
