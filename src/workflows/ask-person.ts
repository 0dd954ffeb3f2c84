import { condition } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import type { ApprovalDecision, ApprovalView, EscalationView } from '../contract/views.js';
import type { Text } from '../contract/wire.js';
import { ALL_ACTIONS } from '../crew/actions.js';
import { durationMs } from '../crew/duration.js';
import type { ApprovalSpec } from '../crew/types.js';
import { render } from '../crew/template.js';
import { failure } from './failure.js';
import type { RunInput } from '../contract/messages.js';
import type { Control } from './control.js';
import type { RunState } from './run-state.js';

/** What a person is asked. */
export type Asked = Pick<ApprovalView, 'id' | 'kind' | 'taskId' | 'tool' | 'outputSchema' | 'argumentsSchema'> & {
  shown: Text;
  /** What the definition says of it. */
  spec: ApprovalSpec;
  /** The actions where the definition does not say. */
  actions?: ApprovalView['actions'];
};

/** What asking people needs of a run. */
export interface Asker {
  input: RunInput;
  state: RunState;
  control: Control;
  show(): void;
}

/** What the agent is told when nobody has decided in time. */
const NOBODY_DECIDED = 'Nobody has looked at it in time. Look it over once more yourself, and improve what you can.';

/**
 * Asks a person, and waits for as long as the approval says. Whoever is to be told meanwhile is told, and when the deadline
 * passes the definition decides. All times are kept in the approval itself, so that they hold over continue-as-new.
 * @throws ApplicationFailure `Task.Stopped` where the run is stopped first, or the decision is `abort`
 */
export async function askPerson(run: Asker, asked: Asked): Promise<ApprovalDecision> {
  const known = run.state.view.approvals.find(({ id }) => id === asked.id);
  const approval = known ?? run.state.approvalRequested(approvalOfAsked(run, asked));
  run.show();
  await decidedOrExpired(run, approval);
  run.show();
  const { decision } = approval;
  if (!decision) throw failure(FailureType.stopped, 'The run is being stopped');
  if (decision.action === 'abort' && approval.kind !== 'budget') {
    run.control.stop({ reason: 'aborted', by: decision.by });
    throw failure(FailureType.stopped, `The run was aborted by ${decision.by}`);
  }
  return decision;
}

async function decidedOrExpired(run: Asker, approval: ApprovalView): Promise<void> {
  for (;;) {
    const closed = () => approval.status !== 'open' || run.control.stopping !== undefined;
    const next = nextMoment(approval);
    if (!(await holdsBy(closed, next?.at))) {
      next?.pass(run);
      continue;
    }
    if (approval.status === 'open') run.state.approvalWithdrawn(approval);
    return;
  }
}

/** Waits until it holds (true), or a moment has passed (false). Without a moment there is no timer: the wait costs nothing. */
async function holdsBy(holds: () => boolean, at: number | undefined): Promise<boolean> {
  if (at !== undefined) return condition(holds, Math.max(1, at - Date.now()));
  await condition(holds);
  return true;
}

/** What happens next if nobody decides: a step of escalation, or the deadline. */
function nextMoment(approval: ApprovalView): { at: number; pass(run: Asker): void } | undefined {
  const step = (approval.escalations ?? []).findIndex(({ done }) => done !== true);
  const escalation = approval.escalations?.[step];
  if (escalation) {
    return { at: Date.parse(escalation.at), pass: (run) => run.state.approvalEscalated(approval, step) };
  }
  const { deadline, onDeadline } = approval;
  if (deadline === undefined || onDeadline === undefined) return undefined;
  return {
    at: Date.parse(deadline),
    pass: (run) => {
      run.state.approvalExpired(approval, {
        action: onDeadline,
        by: 'deadline',
        byClaimed: false,
        via: 'deadline',
        ...(onDeadline === 'reject' && { feedback: NOBODY_DECIDED }),
      });
    },
  };
}

function approvalOfAsked({ input }: Asker, { shown, spec, actions, ...asked }: Asked) {
  const { question, assignees, deadline, on_deadline: onDeadline, escalation, answer_schema: answerSchema } = spec;
  const after = (duration: number | string) => new Date(Date.now() + durationMs(duration)).toISOString();
  const escalations = escalation?.map((step): EscalationView => ({ at: after(step.after), notify: step.notify }));
  return {
    ...asked,
    ...(typeof shown === 'string' ? { shown } : { shown: '', shownRef: shown }),
    ...(question !== undefined && { question: render(question, input.inputs) }),
    ...(assignees && { assignees }),
    ...(answerSchema !== undefined && { answerSchema }),
    actions: [...(spec.actions ?? actions ?? ALL_ACTIONS)],
    ...(deadline !== undefined && { deadline: after(deadline) }),
    ...(onDeadline && { onDeadline }),
    ...(escalations && { escalations }),
  };
}
