import type { RunEvent, RunEventData, RunEventType } from '../contract/events.js';
import { FailureType } from '../contract/failures.js';
import { outputApprovalId } from '../contract/ids.js';
import type { RunInput } from '../contract/messages.js';
import type {
  ApprovalAction,
  ApprovalDecision,
  ApprovalView,
  FailureView,
  RunView,
  TaskView,
  Usage,
} from '../contract/views.js';
import type { ModelReply } from '../contract/wire.js';
import { render } from '../crew/template.js';
import { failure } from './failure.js';

/**
 * The state of a run and the story of how it came about: each method makes one transition, in the view and as events.
 * Knows nothing of Temporal but the time, so that it can be tested and reasoned about alone.
 */
export class RunState {
  readonly view: RunView;
  readonly events: RunEvent[] = [];
  readonly #now: () => number;

  /** `now`: the workflow's clock, in milliseconds. */
  constructor({ runId, crew, definition, inputs }: RunInput, now: () => number) {
    this.#now = now;
    this.view = {
      runId,
      crew,
      status: 'running',
      inputs,
      tasks: Object.entries(definition.tasks).map(([id, task]) => ({
        id,
        agent: task.agent,
        role: render(definition.agents[task.agent]?.role ?? task.agent, inputs),
        status: 'pending',
        attempt: 0,
        usage: noUsage(),
      })),
      approvals: [],
      usage: noUsage(),
      startedAt: this.#time(),
      lastSeq: 0,
    };
    this.#emit('run.started', { inputs: Object.keys(inputs) });
  }

  /** The task with this key. @throws ApplicationFailure where the definition has none, which validation rules out. */
  task(taskId: string): TaskView {
    const task = this.view.tasks.find(({ id }) => id === taskId);
    if (!task) throw failure(FailureType.internal, `no task ${taskId}`);
    return task;
  }

  taskStarted(taskId: string): void {
    const task = this.task(taskId);
    task.status = 'running';
    task.attempt = 1;
    task.startedAt = this.#time();
    this.#emit('task.started', { attempt: 1 }, task);
  }

  modelCalled(taskId: string, call: number, reply: ModelReply): void {
    const task = this.task(taskId);
    addUsage(task.usage, reply);
    addUsage(this.view.usage, reply);
    const { model, finishReason, durationMs, usage } = reply;
    this.#emit('model.called', { call, model, finishReason, durationMs, usage }, task);
  }

  /** The agent works on the task once more: after a rejection as a new attempt, after an empty answer in the same. */
  taskRetried(taskId: string, reason: 'rejected' | 'empty_answer'): void {
    const task = this.task(taskId);
    if (reason === 'rejected') task.attempt += 1;
    task.status = 'running';
    this.#emit('task.retried', { attempt: task.attempt, reason }, task);
  }

  taskCompleted(taskId: string, output: string): void {
    const task = this.#ended(taskId, 'completed');
    task.output = output;
    this.#emit('task.completed', { attempt: task.attempt, outputChars: output.length }, task);
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

  /** Opens the approval of a task's output; the task and the run wait for a person. */
  approvalRequested(taskId: string, shown: string, actions: ApprovalAction[]): ApprovalView {
    const task = this.task(taskId);
    const approval: ApprovalView = {
      id: outputApprovalId(taskId, task.attempt),
      kind: 'task_output',
      taskId,
      attempt: task.attempt,
      shown,
      actions,
      status: 'open',
      requestedAt: this.#time(),
    };
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
    task.status = 'running';
    this.#emit('approval.decided', { approvalId: approval.id, decision: approval.decision }, task);
  }

  runCompleted(output: string): void {
    this.#runEnded('completed');
    this.view.result = { output };
    this.#emit('run.completed', { outputChars: output.length });
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

  #ended(taskId: string, status: 'completed' | 'failed' | 'cancelled'): TaskView {
    const task = this.task(taskId);
    task.status = status;
    task.endedAt = this.#time();
    return task;
  }

  #runEnded(status: 'completed' | 'failed' | 'cancelled'): void {
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

  #emit<T extends RunEventType>(type: T, data: RunEventData[T], task?: TaskView): void {
    const seq = ++this.view.lastSeq;
    const { runId, crew } = this.view;
    this.events.push({
      id: `${runId}:${seq}`,
      seq,
      type,
      time: this.#time(),
      runId,
      crew: crew.name,
      ...(task && { taskId: task.id, agent: task.agent }),
      // A snapshot: what an event says of its moment must not change with the view.
      data: structuredCopy(data),
    } as RunEvent);
  }
}

function noUsage(): Usage {
  return { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0, calls: 0 };
}

function addUsage(sum: Usage, { usage }: ModelReply): void {
  sum.inputTokens += usage.inputTokens;
  sum.outputTokens += usage.outputTokens;
  sum.cachedInputTokens += usage.cachedInputTokens;
  sum.reasoningTokens += usage.reasoningTokens;
  sum.calls += 1;
}

function structuredCopy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
