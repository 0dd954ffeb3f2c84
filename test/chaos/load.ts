import { setTimeout as pause } from 'node:timers/promises';
import { createClient, ServiceError, type Client, type Run, type RunEvent } from '../../src/client/index.js';
import { CREWS, editedText, type CrewPlan, type PlannedDecision } from './crews.js';

/** What one subscriber heard of a run. */
export interface Heard {
  events: RunEvent[];
  /** What the stream said last. */
  end?: string;
  /** How often the connection was made anew. */
  reconnected: number;
}

/** A run of the load, and what was seen of it from outside. */
export interface LoadRun {
  tag: string;
  crew: CrewPlan;
  runId: string;
  subscribers: Heard[];
  /** Approvals that were decided, by id. */
  decided: Map<string, PlannedDecision>;
  /** As the gateway has it at the end. */
  view?: Run;
}

/** A call that the service cannot serve at the moment is made again for about five minutes. */
const RETRIES = 60;
const SUBSCRIBERS = 2;
/** How long people take to decide, at most. */
const THINKING_MS = 6_000;

/** Runs, those who follow them, and those who decide. */
export class Load {
  readonly runs: LoadRun[] = [];
  /** When a subscriber heard a new event last: that work goes on. */
  readonly heardAt: number[] = [];
  readonly #client: Client;
  readonly #random: () => number;
  readonly #working: Promise<void>[] = [];

  constructor(api: string, random: () => number) {
    this.#client = createClient({ baseUrl: api, retries: RETRIES });
    this.#random = random;
  }

  /** Starts runs, evenly over this time; each has its subscribers and its people. */
  async start(count: number, overMs: number, stop: AbortSignal): Promise<void> {
    for (let at = 0; at < count && !stop.aborted; at++) {
      const working = this.#oneRun(at);
      // What went wrong is told by `ended`.
      working.catch(() => undefined);
      this.#working.push(working);
      await pause((overMs / count) * (0.5 + this.#random()), undefined, { signal: stop }).catch(() => undefined);
    }
  }

  /** Resolves when each run has ended, and all its subscribers know. */
  async ended(): Promise<void> {
    await Promise.all(this.#working);
  }

  /** Runs that have not ended, in words. */
  open(): string[] {
    return this.runs.filter(({ view }) => !view).map(({ tag, runId, crew }) => `${tag} ${crew.name} ${runId}`);
  }

  async #oneRun(at: number): Promise<void> {
    const tag = `r${at}`;
    const crew = CREWS[at % CREWS.length] as CrewPlan;
    const { runId } = await this.#client.runs.start(
      { crew: crew.name, inputs: { tag } },
      { idempotencyKey: `start-${tag}` },
    );
    const run: LoadRun = { tag, crew, runId, subscribers: [], decided: new Map() };
    this.runs.push(run);
    const subscribers = Array.from({ length: SUBSCRIBERS }, (_, number) => this.#subscribe(run, number));
    await Promise.all([...subscribers, this.#decide(run)]);
    run.view = await this.#client.runs.get(runId);
  }

  /** Follows to the end. The first one from the start, the others later; every other one hears answers while they are written. */
  async #subscribe(run: LoadRun, number: number): Promise<void> {
    const heard: Heard = { events: [], reconnected: 0 };
    run.subscribers.push(heard);
    await pause(number * 2_000 * this.#random());
    for await (const item of this.#client.follow(run.runId, { deltas: number % 2 === 1, retries: RETRIES })) {
      if (item.type === 'reconnecting') heard.reconnected++;
      else if (item.type === 'end') heard.end = item.status;
      else if ('seq' in item) {
        heard.events.push(item);
        this.heardAt.push(Date.now());
      }
    }
  }

  /** Decides what the run asks, as it was planned, until it has ended. */
  async #decide(run: LoadRun): Promise<void> {
    for (;;) {
      const { endedAt, approvals } = await this.#client.runs.get(run.runId);
      if (endedAt !== undefined) return;
      const open = approvals.find(({ id, status }) => status === 'open' && !run.decided.has(id));
      if (!open) {
        await pause(400);
        continue;
      }
      await pause(THINKING_MS * this.#random() ** 3);
      const action = plannedAction(run.crew, open.id);
      await this.#decideOne(run, open.id, action);
      run.decided.set(open.id, action);
    }
  }

  async #decideOne({ runId, tag }: LoadRun, id: string, action: PlannedDecision): Promise<void> {
    const task = id.split('.')[0] ?? '';
    const more =
      action === 'edit' ? { output: editedText(tag, task) } : action === 'reject' ? { feedback: 'Once more.' } : {};
    const idempotencyKey = `decide-${runId}-${id}`;
    try {
      await this.#client.approvals.decide(runId, id, { action, by: tag, ...more }, { idempotencyKey });
    } catch (error) {
      // Nobody else decides: that it is decided can only be an answer that was lost. The oracle looks by whom.
      if (!(error instanceof ServiceError) || error.status !== 409) throw error;
    }
  }
}

/** What is decided: by the task's plan and the attempt, and tools are always allowed. */
function plannedAction({ tasks }: CrewPlan, approvalId: string): PlannedDecision {
  const [task = '', kind, attempt] = approvalId.split('.');
  if (kind !== 'output') return 'approve';
  return tasks[task]?.decisions?.[Number(attempt) - 1] ?? 'approve';
}
