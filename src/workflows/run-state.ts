import type { BudgetExcess, RetryReason, RunEventData } from '../contract/events.js';
import type { RunInput } from '../contract/messages.js';
import {
  addUsage,
  noUsage,
  type AttemptView,
  type FailureView,
  type RunResult,
  type TaskView,
  type Usage,
} from '../contract/views.js';
import type { ModelReply, Text, ToolReply } from '../contract/wire.js';
import { PeopleState } from './people-state.js';
import type { Caller, Observer, StateCarry } from './run-log.js';

/**
 * The state of a run and the story of how it came about: each method makes one transition, in the view and as events.
 * Knows nothing of Temporal but the time, so that it can be tested and reasoned about alone.
 */
export class RunState extends PeopleState {
  /** `now`: the workflow's clock, in milliseconds. `carry`: where the run stood before it continued as new. */
  constructor(input: RunInput, now: () => number, carry?: StateCarry, observe?: Observer) {
    super(input, now, carry, observe);
    if (carry) return;
    if (this.view.status === 'queued')
      this.emit('run.queued', { ...(input.startAfter !== undefined && { startAfter: input.startAfter }) });
    else this.#begin(this.input);
  }

  /** The run waited long enough. Its time counts from here. */
  runBegan(): void {
    this.view.status = 'running';
    this.view.startedAt = this.time();
    this.#begin(this.input);
  }

  taskStarted(taskId: string): void {
    const task = this.task(taskId);
    task.status = 'running';
    task.attempt = 1;
    task.attempts.push({ attempt: 1, usage: noUsage() });
    task.startedAt = this.time();
    this.emit('task.started', { attempt: 1 }, task);
  }

  /** The manager gave the task to an agent. */
  taskAssigned(taskId: string, agent: string): void {
    const task = this.task(taskId);
    task.agent = agent;
    task.role = this.roleOf(agent);
  }

  /** `model`: as definitions name it, for the sums; `call`: its number at its place. */
  modelCalled(caller: Caller, call: number, model: string, reply: ModelReply, usage: Usage): void {
    this.#spent(caller, model, usage);
    const { finishReason, durationMs, usage: tokens, leftOutChars = 0 } = reply;
    const task = caller.taskId === undefined ? undefined : this.task(caller.taskId);
    if (task && leftOutChars > (task.leftOutChars ?? 0)) task.leftOutChars = leftOutChars;
    this.emit(
      'model.called',
      { call, model: reply.model, finishReason, durationMs, usage: tokens },
      task,
      caller.agent,
    );
  }

  modelFailed(caller: Caller, model: string, usage: Usage): void {
    this.#spent(caller, model, usage);
  }

  modelFellBack(caller: Caller, data: RunEventData['model.fell_back']): void {
    this.emit('model.fell_back', data, this.taskOf(caller), caller.agent);
  }

  toolCalled(caller: Caller, call: number, tool: string, reply: ToolReply, cached: boolean): void {
    const { durationMs, isError } = reply;
    const data = { call, tool, durationMs, ...(isError && { isError }), ...(cached && { cached: true as const }) };
    this.emit('tool.called', data, this.taskOf(caller), caller.agent);
  }

  taskDelegated(caller: Caller, to: string, kind: 'work' | 'question'): void {
    this.emit('task.delegated', { to, kind }, this.taskOf(caller), caller.agent);
  }

  /** The agent is asked once more within its attempt: its answer was of no use. */
  askedAgain(caller: Caller, reason: 'empty_answer' | 'schema'): void {
    const task = this.taskOf(caller);
    if (task) this.emit('task.retried', { attempt: task.attempt, reason }, task, caller.agent);
  }

  /** The output was sent back: a new attempt begins. */
  taskSentBack(taskId: string, why: NonNullable<AttemptView['sentBack']>): void {
    const task = this.task(taskId);
    const last = task.attempts.at(-1);
    if (last) last.sentBack = why;
    task.attempt += 1;
    task.status = 'running';
    task.attempts.push({ attempt: task.attempt, usage: noUsage() });
    this.emit('task.retried', { attempt: task.attempt, reason: RETRY_REASON[why.by] }, task);
  }

  taskCompleted(taskId: string, output: Text, more: Pick<TaskView, 'format' | 'artifact' | 'answer'> = {}): void {
    const task = this.#ended(taskId, 'completed');
    Object.assign(task, more);
    const outputChars = typeof output === 'string' ? output.length : output.chars;
    if (typeof output === 'string') task.output = output;
    else task.outputRef = output;
    this.emit('task.completed', { attempt: task.attempt, outputChars }, task);
  }

  taskSkipped(taskId: string, reason: 'condition' | 'dependency' | 'person'): void {
    const task = this.#ended(taskId, 'skipped');
    task.skipped = reason;
    this.emit('task.skipped', { reason }, task);
  }

  taskFailed(taskId: string, error: FailureView): void {
    const task = this.#ended(taskId, 'failed');
    task.error = error;
    this.withdrawApprovals(taskId);
    this.emit('task.failed', error, task);
  }

  taskCancelled(taskId: string): void {
    const task = this.#ended(taskId, 'cancelled');
    this.withdrawApprovals(taskId);
    this.emit('task.cancelled', {}, task);
  }

  budgetWarned(excess: BudgetExcess): void {
    this.emit('budget.warned', excess);
  }

  budgetExceeded(excess: BudgetExcess, onExceed: 'stop' | 'pause'): void {
    this.emit('budget.exceeded', { ...excess, onExceed });
  }

  runCompleted(result: RunResult, outputChars: number): void {
    this.#runEnded('completed');
    this.view.result = result;
    this.emit('run.completed', { outputChars });
  }

  /** The run was stopped: what is finished stays, and its last output is the result. */
  runStopped(result: RunResult | undefined, why: RunEventData['run.stopped']): void {
    this.#runEnded('stopped');
    if (result) this.view.result = result;
    this.emit('run.stopped', why);
  }

  runFailed(error: FailureView): void {
    this.#runEnded('failed');
    this.view.error = error;
    this.emit('run.failed', error);
  }

  runCancelled(): void {
    this.#runEnded('cancelled');
    this.emit('run.cancelled', {});
  }

  /** The first events: that the run began, and what it took over from the one that it was forked from. */
  #begin({ inputs, fork }: RunInput): void {
    const from = fork && { parentRunId: fork.parentRunId, fromTask: fork.fromTask };
    this.emit('run.started', { inputs: Object.keys(inputs), ...from });
    for (const task of fork?.kept.map(({ id }) => this.task(id)) ?? []) {
      const { status, attempt, output = '', outputRef, skipped = 'dependency', error } = task;
      const kept = { attempt, outputChars: outputRef?.chars ?? output.length, keptFrom: fork?.parentRunId ?? '' };
      if (status === 'completed') this.emit('task.completed', kept, task);
      else if (status === 'failed' && error) this.emit('task.failed', error, task);
      else this.emit('task.skipped', { reason: skipped }, task);
    }
  }

  #spent({ taskId, agent }: Caller, model: string, usage: Usage): void {
    const sums = [this.view.usage, (this.view.models[model] ??= noUsage())];
    if (agent !== undefined) sums.push((this.view.agents[agent] ??= noUsage()));
    if (taskId !== undefined) {
      const task = this.task(taskId);
      sums.push(task.usage);
      const attempt = task.attempts.at(-1);
      if (attempt) sums.push(attempt.usage);
    }
    for (const sum of sums) addUsage(sum, usage);
  }

  #ended(taskId: string, status: 'completed' | 'failed' | 'cancelled' | 'skipped'): TaskView {
    const task = this.task(taskId);
    task.status = status;
    task.endedAt = this.time();
    return task;
  }

  #runEnded(status: 'completed' | 'failed' | 'cancelled' | 'stopped'): void {
    this.view.status = status;
    this.view.endedAt = this.time();
  }
}

const RETRY_REASON = {
  person: 'rejected',
  guardrail: 'guardrail',
  manager: 'review',
} as const satisfies Record<string, RetryReason>;
