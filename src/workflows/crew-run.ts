import {
  condition,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import {
  decideApprovalSignal,
  decideApprovalUpdate,
  eventsQuery,
  runQuery,
  SearchAttribute,
  type DecisionInput,
  type RunInput,
} from '../contract/messages.js';
import type { ApprovalDecision, ApprovalView } from '../contract/views.js';
import { nextStep } from '../crew/plan.js';
import type { TaskPrompt } from '../crew/prompt.js';
import { agentTurn } from './agent-turn.js';
import { decidable } from './approvals.js';
import { describeRun } from './details.js';
import { failure } from './failure.js';
import { failureView } from './failure-view.js';
import { RunState } from './run-state.js';

/** How often a person may send one task's output back before the task fails. */
const MAX_REJECTIONS = 10;

const STATUS = defineSearchAttributeKey(SearchAttribute.status, 'KEYWORD');

/** One run of a crew: its state, the handlers that people and readers reach it by, and the loop that interprets it. */
export class CrewRun {
  readonly state: RunState;
  readonly #input: RunInput;

  constructor(input: RunInput) {
    this.#input = input;
    this.state = new RunState(input, () => Date.now());
  }

  /** Sets the handlers. Called before anything is awaited, so that the first message finds them. */
  listen(): void {
    setHandler(runQuery, () => this.state.view, { description: 'The state of the run' });
    setHandler(eventsQuery, (after) => this.state.events.filter(({ seq }) => seq > after), {
      description: 'The run events with a seq above the given one',
    });
    setHandler(decideApprovalUpdate, (decision) => this.#decide(decision, 'http'), {
      // Synchronous: an asynchronous validator jams the run.
      validator: (decision: DecisionInput) => void decidable(this.state.view.approvals, decision),
      description: 'Decides an approval: {approvalId, action, by, feedback?}',
    });
    setHandler(decideApprovalSignal, (decision) => this.#decideBySignal(decision), {
      description: 'Decides an approval with no answer: {approvalId, action, by, feedback?}',
    });
  }

  /**
   * Runs the tasks to the end. Returns the last task's output.
   * @throws CancelledFailure, or ApplicationFailure `Crew.TaskFailed` with the `FailureView` as its detail.
   */
  async toEnd(): Promise<string> {
    const { definition } = this.#input;
    for (;;) {
      const step = nextStep(definition, (taskId) => this.state.task(taskId).status);
      if (step.kind !== 'start') break;
      for (const taskId of step.taskIds) await this.#runTask(taskId);
    }
    return this.state.view.tasks.at(-1)?.output ?? '';
  }

  async #runTask(taskId: string): Promise<void> {
    this.state.taskStarted(taskId);
    this.#tell();
    try {
      const output = await this.#workOn(taskId);
      this.state.taskCompleted(taskId, output);
    } catch (error) {
      if (isCancellation(error)) {
        this.state.taskCancelled(taskId);
        throw error;
      }
      const view = failureView(error, taskId);
      this.state.taskFailed(taskId, view);
      const cause = error instanceof Error ? error : undefined;
      throw failure(FailureType.taskFailed, `Task ${taskId} failed: ${view.message}`, { details: [view], cause });
    }
  }

  /** Lets the agent work until its output is final: at once, or when a person has approved it. */
  async #workOn(taskId: string): Promise<string> {
    const rejected: TaskPrompt['rejected'] = [];
    for (;;) {
      const output = await agentTurn(this.#input, this.state, taskId, rejected);
      if (this.#input.definition.tasks[taskId]?.human_input !== true) return output;
      const { action, feedback = '' } = await this.#ask(taskId, output);
      if (action === 'approve') return output;
      rejected.push({ output, feedback });
      if (rejected.length >= MAX_REJECTIONS) {
        throw failure(FailureType.reworkExhausted, `The output was rejected ${MAX_REJECTIONS} times`);
      }
      this.state.taskRetried(taskId, 'rejected');
      this.#tell();
    }
  }

  /** Waits for a person, for as long as it takes. */
  async #ask(taskId: string, output: string): Promise<ApprovalDecision> {
    const approval = this.state.approvalRequested(taskId, output, ['approve', 'reject']);
    this.#tell();
    this.#showStatus();
    await condition(() => approval.decision !== undefined);
    this.#showStatus();
    if (!approval.decision) throw failure(FailureType.internal, 'undecided');
    return approval.decision;
  }

  #decide(decision: DecisionInput, via: ApprovalDecision['via']): ApprovalView {
    // Checked again: between the validator and the handler, another message may have decided.
    const approval = decidable(this.state.view.approvals, decision);
    const { action, by, feedback } = decision;
    // Until callers are authenticated, who decided is what the caller says.
    this.state.approvalDecided(approval, { action, by, byClaimed: true, via, ...(feedback && { feedback }) });
    return approval;
  }

  #decideBySignal(decision: DecisionInput): void {
    try {
      this.#decide(decision, 'signal');
    } catch (error) {
      // Nobody waits for the answer to a signal, and a failing handler would fail the run.
      log.warn('decision by signal refused', { reason: error instanceof Error ? error.message : 'unknown' });
    }
  }

  /** Shows the state in the Temporal UI; costs no history. */
  #tell(): void {
    setCurrentDetails(describeRun(this.state.view));
  }

  /** Shows the run's status to lists. */
  #showStatus(): void {
    upsertSearchAttributes([{ key: STATUS, value: this.state.view.status }]);
  }
}
