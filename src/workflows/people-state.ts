import type { MessageInput } from '../contract/messages.js';
import type { ApprovalDecision, ApprovalView, MessageView, TaskView } from '../contract/views.js';
import { RunLog } from './run-log.js';

/** What of a run's state people have a part in: approvals and messages. */
export class PeopleState extends RunLog {
  /** Opens an approval of the task's; the task and the run wait for a person. */
  approvalRequested(asked: Omit<ApprovalView, 'attempt' | 'status' | 'requestedAt'>): ApprovalView {
    const task = this.task(asked.taskId);
    const approval: ApprovalView = { ...asked, attempt: task.attempt, status: 'open', requestedAt: this.time() };
    this.view.approvals.push(approval);
    task.status = 'waiting_human';
    this.view.status = 'waiting_human';
    const { id: approvalId, kind, assignees } = approval;
    this.emit('approval.requested', { approvalId, attempt: task.attempt, kind, ...(assignees && { assignees }) }, task);
    return approval;
  }

  /** Records a decision that was found valid. */
  approvalDecided(approval: ApprovalView, decision: Omit<ApprovalDecision, 'at'>): void {
    approval.decision = { ...decision, at: this.time() };
    const task = this.#closed(approval, 'decided');
    this.emit('approval.decided', { approvalId: approval.id, decision: approval.decision }, task);
  }

  /** The deadline passed: the definition has decided. */
  approvalExpired(approval: ApprovalView, decision: Omit<ApprovalDecision, 'at'>): void {
    approval.decision = { ...decision, at: this.time() };
    const task = this.#closed(approval, 'expired');
    this.emit('approval.expired', { approvalId: approval.id, decision: approval.decision }, task);
  }

  /** Nobody has decided yet: the next ones are told. `step`: from 0. */
  approvalEscalated(approval: ApprovalView, step: number): void {
    const escalation = approval.escalations?.[step];
    if (!escalation) return;
    escalation.done = true;
    const { notify } = escalation;
    this.emit('approval.escalated', { approvalId: approval.id, step: step + 1, notify }, this.task(approval.taskId));
  }

  /** The run goes on, or ends, without it. */
  approvalWithdrawn(approval: ApprovalView): void {
    const task = this.#closed(approval, 'withdrawn');
    this.emit('approval.withdrawn', { approvalId: approval.id }, task);
  }

  messageReceived({ agent, by, text }: MessageInput): MessageView {
    const messages = (this.view.messages ??= []);
    const id = `message.${messages.length + 1}`;
    const message: MessageView = {
      id,
      by,
      text,
      at: this.time(),
      deliveredTo: [],
      ...(agent !== undefined && { agent }),
    };
    messages.push(message);
    const to = agent === undefined ? {} : { to: agent };
    this.emit('message.received', { messageId: id, by, chars: text.length, ...to });
    return message;
  }

  messageDelivered(message: MessageView, taskId: string | undefined, agent: string): void {
    message.deliveredTo.push(agent);
    this.emit(
      'message.delivered',
      { messageId: message.id },
      this.taskOf(taskId === undefined ? {} : { taskId }),
      agent,
    );
  }

  protected withdrawApprovals(taskId: string): void {
    for (const approval of this.view.approvals) {
      if (approval.taskId === taskId && approval.status === 'open') this.approvalWithdrawn(approval);
    }
  }

  /** Closes an approval; its task goes on where it waited for nothing else. */
  #closed(approval: ApprovalView, status: 'decided' | 'expired' | 'withdrawn'): TaskView {
    approval.status = status;
    this.#restoreRunning();
    const task = this.task(approval.taskId);
    const waits = this.view.approvals.some((one) => one.taskId === task.id && one.status === 'open');
    if (task.status === 'waiting_human' && !waits) task.status = 'running';
    return task;
  }

  #restoreRunning(): void {
    if (!this.view.approvals.some(({ status }) => status === 'open')) this.view.status = 'running';
  }
}
