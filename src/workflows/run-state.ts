import type { BudgetExcess, RetryReason, RunEvent, RunEventData, RunEventType } from '../contract/events.js';
import { FailureType } from '../contract/failures.js';
import type { EventsPage, RunInput } from '../contract/messages.js';
import type {
  ApprovalDecision,
  ApprovalView,
  AttemptView,
  FailureView,
  RunResult,
  RunView,
  TaskView,
  Usage,
} from '../contract/views.js';
import type { BlobRef, ModelReply, Text, ToolReply } from '../contract/wire.js';
import { render } from '../crew/template.js';
import { failure } from './failure.js';
import { firstView } from './first-view.js';
import { addUsage, noUsage } from './usage.js';

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

/**
 * The state of a run and the story of how it came about: each method makes one transition, in the view and as events.
 * Knows nothing of Temporal but the time, so that it can be tested and reasoned about alone.
 */
export class RunState {
  readonly view: RunView;
  #events: RunEvent[];
  #earlier: BlobRef | undefined;
  readonly #input: RunInput;
  readonly #now: () => number;

  /** `now`: the workflow's clock, in milliseconds. `carry`: where the run stood before it continued as new. */
  constructor(input: RunInput, now: () => number, carry?: StateCarry) {
    this.#input = input;
    this.#now = now;
    this.#events = carry?.events ?? [];
    this.#earlier = carry?.earlier;
    this.view = carry?.view ?? firstView(input, this.#time());
    if (carry) return;
    if (this.view.status !== 'queued') this.#emit('run.started', { inputs: Object.keys(input.inputs) });
    else this.#emit('run.queued', { ...(input.startAfter !== undefined && { startAfter: input.startAfter }) });
  }

  /** The run waited long enough. Its time counts from here. */
  runBegan(): void {
    this.view.status = 'running';
    this.view.startedAt = this.#time();
    this.#emit('run.started', { inputs: Object.keys(this.#input.inputs) });
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
    return render(this.#input.definition.agents[agent]?.role ?? agent, this.#input.inputs);
  }

  taskStarted(taskId: string): void {
    const task = this.task(taskId);
    task.status = 'running';
    task.attempt = 1;
    task.attempts.push({ attempt: 1, usage: noUsage() });
    task.startedAt = this.#time();
    this.#emit('task.started', { attempt: 1 }, task);
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
    this.#emit(
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
    this.#emit('model.fell_back', data, this.#taskOf(caller), caller.agent);
  }

  toolCalled(caller: Caller, call: number, tool: string, reply: ToolReply, cached: boolean): void {
    const { durationMs, isError } = reply;
    const data = { call, tool, durationMs, ...(isError && { isError }), ...(cached && { cached: true as const }) };
    this.#emit('tool.called', data, this.#taskOf(caller), caller.agent);
  }

  taskDelegated(caller: Caller, to: string, kind: 'work' | 'question'): void {
    this.#emit('task.delegated', { to, kind }, this.#taskOf(caller), caller.agent);
  }

  /** The agent is asked once more within its attempt: its answer was of no use. */
  askedAgain(caller: Caller, reason: 'empty_answer' | 'schema'): void {
    const task = this.#taskOf(caller);
    if (task) this.#emit('task.retried', { attempt: task.attempt, reason }, task, caller.agent);
  }

  /** The output was sent back: a new attempt begins. */
  taskSentBack(taskId: string, why: NonNullable<AttemptView['sentBack']>): void {
    const task = this.task(taskId);
    const last = task.attempts.at(-1);
    if (last) last.sentBack = why;
    task.attempt += 1;
    task.status = 'running';
    task.attempts.push({ attempt: task.attempt, usage: noUsage() });
    this.#emit('task.retried', { attempt: task.attempt, reason: RETRY_REASON[why.by] }, task);
  }

  taskCompleted(taskId: string, output: Text, more: Pick<TaskView, 'format' | 'artifact'> = {}): void {
    const task = this.#ended(taskId, 'completed');
    Object.assign(task, more);
    const outputChars = typeof output === 'string' ? output.length : output.chars;
    if (typeof output === 'string') task.output = output;
    else task.outputRef = output;
    this.#emit('task.completed', { attempt: task.attempt, outputChars }, task);
  }

  taskSkipped(taskId: string, reason: 'condition' | 'dependency'): void {
    const task = this.#ended(taskId, 'skipped');
    task.skipped = reason;
    this.#emit('task.skipped', { reason }, task);
  }

  taskFailed(taskId: string, error: FailureView): void {
    const task = this.#ended(taskId, 'failed');
    task.error = error;
    this.#withdrawApprovals(taskId);
    this.#emit('task.failed', error, task);
  }

  taskCancelled(taskId: string): void {
    const task = this.#ended(taskId, 'cancelled');
    this.#withdrawApprovals(taskId);
    this.#emit('task.cancelled', {}, task);
  }

  /** Opens an approval of the task's; the task and the run wait for a person. */
  approvalRequested(asked: Omit<ApprovalView, 'attempt' | 'status' | 'requestedAt'>): ApprovalView {
    const task = this.task(asked.taskId);
    const approval: ApprovalView = { ...asked, attempt: task.attempt, status: 'open', requestedAt: this.#time() };
    this.view.approvals.push(approval);
    task.status = 'waiting_human';
    this.view.status = 'waiting_human';
    this.#emit('approval.requested', { approvalId: approval.id, attempt: task.attempt }, task);
    return approval;
  }

  /** Records a decision that was found valid. */
  approvalDecided(approval: ApprovalView, decision: Omit<ApprovalDecision, 'at'>): void {
    approval.status = 'decided';
    approval.decision = { ...decision, at: this.#time() };
    this.#restoreRunning();
    const task = this.task(approval.taskId);
    if (task.status === 'waiting_human') task.status = 'running';
    this.#emit('approval.decided', { approvalId: approval.id, decision: approval.decision }, task);
  }

  budgetWarned(excess: BudgetExcess): void {
    this.#emit('budget.warned', excess);
  }

  budgetExceeded(excess: BudgetExcess, onExceed: 'stop' | 'pause'): void {
    this.#emit('budget.exceeded', { ...excess, onExceed });
  }

  runCompleted(result: RunResult, outputChars: number): void {
    this.#runEnded('completed');
    this.view.result = result;
    this.#emit('run.completed', { outputChars });
  }

  /** The run was stopped: what is finished stays, and its last output is the result. */
  runStopped(result: RunResult | undefined): void {
    this.#runEnded('stopped');
    if (result) this.view.result = result;
    this.#emit('run.stopped', { reason: 'budget' });
  }

  runFailed(error: FailureView): void {
    this.#runEnded('failed');
    this.view.error = error;
    this.#emit('run.failed', error);
  }

  runCancelled(): void {
    this.#runEnded('cancelled');
    this.#emit('run.cancelled', {});
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

  #taskOf({ taskId }: Caller): TaskView | undefined {
    return taskId === undefined ? undefined : this.task(taskId);
  }

  #ended(taskId: string, status: 'completed' | 'failed' | 'cancelled' | 'skipped'): TaskView {
    const task = this.task(taskId);
    task.status = status;
    task.endedAt = this.#time();
    return task;
  }

  #runEnded(status: 'completed' | 'failed' | 'cancelled' | 'stopped'): void {
    this.view.status = status;
    this.view.endedAt = this.#time();
  }

  #withdrawApprovals(taskId: string): void {
    for (const approval of this.view.approvals) {
      if (approval.taskId !== taskId || approval.status !== 'open') continue;
      approval.status = 'withdrawn';
      this.#restoreRunning();
      this.#emit('approval.withdrawn', { approvalId: approval.id }, this.task(taskId));
    }
  }

  #restoreRunning(): void {
    if (!this.view.approvals.some(({ status }) => status === 'open')) this.view.status = 'running';
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }

  #emit<T extends RunEventType>(type: T, data: RunEventData[T], task?: TaskView, agent = task?.agent): void {
    const seq = ++this.view.lastSeq;
    const { runId, crew } = this.view;
    this.#events.push({
      id: `${runId}:${seq}`,
      seq,
      type,
      time: this.#time(),
      runId,
      crew: crew.name,
      ...(task && { taskId: task.id }),
      ...(agent !== undefined && { agent }),
      // A snapshot: what an event says of its moment must not change with the view.
      data: JSON.parse(JSON.stringify(data)) as typeof data,
    } as RunEvent);
  }
}

const RETRY_REASON = {
  person: 'rejected',
  guardrail: 'guardrail',
  manager: 'review',
} as const satisfies Record<string, RetryReason>;
