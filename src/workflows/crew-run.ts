import { currentUpdateInfo, log, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { RunEventData } from '../contract/events.js';
import { FailureType } from '../contract/failures.js';
import {
  decideApprovalSignal,
  decideApprovalUpdate,
  eventsQuery,
  messageUpdate,
  runQuery,
  SearchAttribute,
  stopSignal,
  type MessageInput,
  type RunInput,
  type StopInput,
} from '../contract/messages.js';
import type { ApprovalView, DecidedVia, RunResult } from '../contract/views.js';
import type { DecisionInput } from '../contract/wire.js';
import { nextStep } from '../crew/plan.js';
import { agentTurn } from './agent-turn.js';
import { decidable, decisionOf, needsCheck, requireChecked } from './approvals.js';
import { BudgetGate } from './budget.js';
import { Control } from './control.js';
import type { RunCarry } from './carry.js';
import { describeRun } from './details.js';
import { failure } from './failure.js';
import { failureView } from './failure-view.js';
import { Inbox } from './inbox.js';
import { Journal } from './journal.js';
import { checkMessage } from './mailbox.js';
import { makeBrief, type Brief } from './manager.js';
import { CHECK, checkDecision } from './proxies.js';
import { Publisher } from './publisher.js';
import { Counters, Pace, ToolCache, type RunContext } from './run-context.js';
import { RunState } from './run-state.js';
import { fatalFailure, runTask } from './task-run.js';

const STATUS = defineSearchAttributeKey(SearchAttribute.status, 'KEYWORD');

/** One run of a crew: its state, the handlers that people and readers reach it by, and the loop that interprets it. */
export class CrewRun {
  readonly state: RunState;
  /** Absent: the run's events go nowhere. */
  readonly publisher: Publisher | undefined;
  readonly #journal: Journal;
  readonly #context: RunContext;
  readonly #input: RunInput;
  /** By approval: the update that decided it, so that the same one sent again is answered and not refused. */
  readonly #decidedBy: Record<string, string>;
  #shownStatus: string;
  readonly #inbox: Inbox;

  constructor(input: RunInput, carry?: RunCarry) {
    this.#input = input;
    this.state = new RunState(input, () => Date.now(), carry?.state);
    this.publisher = input.publish && new Publisher(input.publish, this.state, carry?.published);
    this.#shownStatus = this.state.view.status;
    this.#inbox = new Inbox(carry !== undefined);
    this.#journal = new Journal(carry?.journal);
    this.#decidedBy = carry?.decidedBy ?? {};
    const show = () => this.show();
    const control = new Control(carry?.stop);
    this.#context = {
      input,
      state: this.state,
      control,
      budget: new BudgetGate({ input, state: this.state, control, show }, carry?.budget),
      pace: new Pace(carry?.pace),
      counters: new Counters(carry?.counters),
      cache: new ToolCache(carry?.cache),
      failures: new Map(),
      agentTurn,
      show,
    };
  }

  /** Sets the handlers. Called before anything is awaited, so that the first message finds them. */
  listen(): void {
    setHandler(runQuery, () => this.state.view, { description: 'The state of the run' });
    setHandler(eventsQuery, (after) => this.#eventsAfter(after), {
      description: 'The run events with a seq above the given one',
    });
    setHandler(decideApprovalUpdate, (decision) => reactedTo(this.#decide(decision, decision.via ?? 'http')), {
      // Synchronous: an asynchronous validator jams the run.
      validator: (decision: DecisionInput) => {
        if (!this.#repeated(decision)) requireChecked(this.#decidable(decision), decision);
      },
      description: 'Decides an approval: {approvalId, action, by, feedback?, output?, arguments?, answer?}',
    });
    setHandler(decideApprovalSignal, (decision) => this.#decideBySignal(decision), {
      description:
        'Decides an approval with no answer: {approvalId, action, by, feedback?, output?, arguments?, answer?}',
    });
    setHandler(stopSignal, (input) => this.#stop(input), {
      description: 'What runs is finished, nothing new is begun: {by?}',
    });
    setHandler(messageUpdate, (message) => reactedTo(this.state.messageReceived(message)), {
      validator: (message: MessageInput) => checkMessage(this.#input, this.state, message),
      description: 'Says something to one agent or all, with their next call: {agent?, text, by}',
    });
  }

  /** Why the run ended before its last task: it was told to, or its budget was used up. */
  get stopped(): RunEventData['run.stopped'] | undefined {
    const { budget, control } = this.#context;
    if (budget.stopped) return { reason: 'budget' };
    const cut = this.state.view.tasks.some(({ status }) => status === 'pending' || status === 'cancelled');
    // Told to stop while its last tasks ran, and they are finished: it is complete.
    return cut ? control.stopping : undefined;
  }

  /** True where nothing new is begun. */
  get #stopping(): boolean {
    return this.#context.budget.stopped || this.#context.control.stopping !== undefined;
  }

  /** Resolves when Temporal has suggested to continue as new, and nothing is in flight. */
  drained(): Promise<void> {
    return this.#journal.drained();
  }

  /** What goes on when the run continues as new. */
  carry(): RunCarry {
    const { budget, pace, counters, cache, control } = this.#context;
    return {
      ...(control.stopping && { stop: control.stopping }),
      ...(this.publisher && { published: this.publisher.seq }),
      state: { view: this.state.view, ...this.state.page },
      journal: this.#journal.entries,
      budget: budget.carry,
      pace: pace.carry,
      counters: counters.carry,
      cache: cache.carry,
      decidedBy: this.#decidedBy,
    };
  }

  /**
   * Runs the tasks to the end. Gives the result: the output of the last task that has one.
   * @throws CancelledFailure, or ApplicationFailure `Crew.TaskFailed` with the `FailureView` as its detail.
   */
  async toEnd(): Promise<RunResult | undefined> {
    await this.#runTasks(await this.#brief());
    const fatal = fatalFailure(this.#context);
    if (fatal) throw this.#failed(fatal, this.#context.failures.get(fatal.taskId ?? ''));
    const last = this.state.view.tasks.findLast(({ output, outputRef }) => output ?? outputRef);
    if (!last) return undefined;
    const { output = '', outputRef, format } = last;
    return { output, ...(outputRef && { outputRef }), ...(format && { format }) };
  }

  /** What is settled before the first task. @throws as `toEnd` */
  async #brief(): Promise<Brief> {
    try {
      const brief = await this.#journal.scope('$run').block('brief', (scope) => makeBrief(this.#context, scope));
      for (const [taskId, { agent }] of Object.entries(brief.assignments)) this.state.taskAssigned(taskId, agent);
      return brief;
    } catch (error) {
      const view = failureView(error);
      // An exhausted budget is no failure: the run ends as stopped.
      if (view.code === FailureType.stopped) return { plans: {}, assignments: {} };
      if (view.code === FailureType.internal) throw error;
      throw this.#failed(view, error);
    }
  }

  /** Starts tasks as soon as the plan says so, until there is nothing left to do. */
  async #runTasks(brief: Brief): Promise<void> {
    const { definition } = this.#input;
    const active = new Map<string, Promise<void>>();
    let cancelled: unknown;
    const begin = (taskId: string) => {
      const ended = runTask(this.#context, this.#journal.scope(taskId), taskId, brief)
        .catch((error: unknown) => void (cancelled ??= error))
        .finally(() => active.delete(taskId));
      active.set(taskId, ended);
    };
    for (const { id, status } of this.state.view.tasks) {
      if (status === 'running' || status === 'waiting_human') begin(id);
    }
    for (;;) {
      const step = nextStep(definition, (taskId) => this.state.task(taskId));
      if (step.kind === 'skip') {
        for (const taskId of step.taskIds) this.state.taskSkipped(taskId, 'dependency');
      } else if (step.kind === 'start' && !this.#stopping) {
        for (const taskId of step.taskIds) {
          this.state.taskStarted(taskId);
          begin(taskId);
        }
        this.show();
      } else if (active.size > 0) {
        await Promise.race(active.values());
      } else {
        break;
      }
    }
    if (cancelled !== undefined) throw cancelled;
  }

  #failed(view: { message: string; taskId?: string }, cause: unknown): unknown {
    const place = view.taskId === undefined ? 'The run' : `Task ${view.taskId}`;
    return failure(FailureType.taskFailed, `${place} failed: ${view.message}`, {
      details: [view],
      cause: cause instanceof Error ? cause : undefined,
    });
  }

  #eventsAfter(after: number) {
    const { events, earlier } = this.state.page;
    const firstSeq = events[0]?.seq ?? this.state.view.lastSeq + 1;
    return {
      events: events.filter(({ seq }) => seq > after),
      ...(earlier && after < firstSeq - 1 && { earlier }),
    };
  }

  #decidable(decision: DecisionInput): ApprovalView {
    return decidable(this.state.view.approvals, decision);
  }

  /** The approval that this same update has decided already, before the run continued as new. */
  #repeated({ approvalId }: DecisionInput): ApprovalView | undefined {
    const updateId = currentUpdateInfo()?.id;
    if (updateId === undefined || this.#decidedBy[approvalId] !== updateId) return undefined;
    return this.state.view.approvals.find(({ id }) => id === approvalId);
  }

  #decide(decision: DecisionInput, via: DecidedVia): ApprovalView {
    const repeated = this.#repeated(decision);
    if (repeated) return repeated;
    // Checked again: between the validator and the handler, another message may have decided.
    const approval = this.#decidable(decision);
    this.state.approvalDecided(approval, decisionOf(approval, decision, via));
    const updateId = currentUpdateInfo()?.id;
    if (updateId !== undefined) this.#decidedBy[approval.id] = updateId;
    if (approval.kind === 'budget') this.#context.budget.decided(approval);
    return approval;
  }

  /** Decides by signal; what needs a schema to tell whether it fits is looked at by an activity first. */
  async #decideBySignal(decision: DecisionInput): Promise<void> {
    try {
      const approval = this.#decidable(decision);
      // Who can only signal claims what it says, also that it has checked.
      const { checked: _, byClaimed: __, via = 'signal', ...claimed } = decision;
      if (!needsCheck(approval, claimed)) {
        this.#decide(claimed, via);
        return;
      }
      const options = { ...CHECK, summary: `${approval.id} · check of a decision`.slice(0, 100) };
      const found = await checkDecision.executeWithOptions(options, [{ approval, decision: claimed }]);
      if (found.ok) this.#decide(found.decision, via);
      else log.warn('decision by signal refused', { reason: found.problems.join('; ') });
    } catch (error) {
      // Nobody waits for the answer to a signal, and a failing handler would fail the run.
      log.warn('decision by signal refused', { reason: error instanceof Error ? error.message : 'unknown' });
    }
  }

  #stop(input: StopInput | undefined): void {
    const by: unknown = input?.by;
    this.#context.control.stop({
      reason: 'requested',
      ...(typeof by === 'string' && by.trim() !== '' && { by: by.slice(0, 200) }),
    });
    this.show();
  }

  /** Shows the state in the Temporal UI, which costs no history, and to lists where the status has changed. */
  show(): void {
    const { view } = this.state;
    setCurrentDetails(describeRun(view));
    const changed = this.#inbox.changes(view.approvals);
    if (view.status !== this.#shownStatus) changed.push({ key: STATUS, value: view.status });
    this.#shownStatus = view.status;
    if (changed.length > 0) upsertSearchAttributes(changed);
  }
}

/** More promises than lie between a message and what the run does about it. */
const REACTION_TURNS = 300;

/**
 * The same, when the run has done what it does about it at once. So an Update is answered after the commands that it leads to,
 * however many promises lie between: their order is part of a history.
 */
async function reactedTo<T>(value: T): Promise<T> {
  for (let turn = 0; turn < REACTION_TURNS; turn++) await Promise.resolve();
  return value;
}
