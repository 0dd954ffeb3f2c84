import type { RunEvent, RunEventData, RunEventType } from '../contract/events.js';
import { FailureType } from '../contract/failures.js';
import { firstView } from '../contract/first-view.js';
import type { EventsPage, RunInput } from '../contract/messages.js';
import type { RunView, TaskView } from '../contract/views.js';
import type { BlobRef } from '../contract/wire.js';
import { render } from '../crew/template.js';
import { failure } from './failure.js';
import { structuredCopy } from './journal.js';

/** What of a `RunState` goes on when the run continues as new. */
export interface StateCarry extends EventsPage {
  view: RunView;
}

/** Whose a model or tool call is. `taskId` absent: the run's own, for example its plan. */
export interface Caller {
  taskId?: string;
  /** The agent's key; absent for the engine's own questions. */
  agent?: string;
}

/** Is told of each event as it is made. Must not throw, nor change anything. */
export type Observer = (event: RunEvent, view: RunView) => void;

/** The view of a run and its numbered events: what every part of its state writes to. */
export class RunLog {
  readonly view: RunView;
  #events: RunEvent[];
  #earlier: BlobRef | undefined;
  protected readonly input: RunInput;
  readonly #now: () => number;
  readonly #observe: Observer | undefined;

  constructor(input: RunInput, now: () => number, carry?: StateCarry, observe?: Observer) {
    this.input = input;
    this.#now = now;
    this.#observe = observe;
    this.#events = carry?.events ?? [];
    this.#earlier = carry?.earlier;
    this.view = carry?.view ?? firstView(input, this.time());
  }

  /** The events that this state made, and where those before them are. */
  get page(): EventsPage {
    return { events: this.#events, ...(this.#earlier && { earlier: this.#earlier }) };
  }

  /** The events up to `seq`, and those before them, lie in the store now. */
  eventsStored(seq: number, earlier: BlobRef): void {
    this.#events = this.#events.filter((event) => event.seq > seq);
    this.#earlier = earlier;
  }

  /** The task with this key. @throws ApplicationFailure where the definition has none, which validation rules out. */
  task(taskId: string): TaskView {
    const task = this.view.tasks.find(({ id }) => id === taskId);
    if (!task) throw failure(FailureType.internal, `no task ${taskId}`);
    return task;
  }

  /** An agent's role, for display. */
  roleOf(agent: string): string {
    return render(this.input.definition.agents[agent]?.role ?? agent, this.input.inputs);
  }

  protected taskOf({ taskId }: Caller): TaskView | undefined {
    return taskId === undefined ? undefined : this.task(taskId);
  }

  protected time(): string {
    return new Date(this.#now()).toISOString();
  }

  protected emit<T extends RunEventType>(type: T, data: RunEventData[T], task?: TaskView, agent = task?.agent): void {
    const seq = ++this.view.lastSeq;
    const { runId, crew } = this.view;
    const event = {
      id: `${runId}:${seq}`,
      seq,
      type,
      time: this.time(),
      runId,
      crew: crew.name,
      ...(task && { taskId: task.id }),
      ...(agent !== undefined && { agent }),
      // A snapshot: what an event says of its moment must not change with the view.
      data: structuredCopy(data),
    } as RunEvent;
    this.#events.push(event);
    this.#observe?.(event, this.view);
  }
}
