import { isCancellation } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import { outputApprovalId } from '../contract/ids.js';
import type { ApprovalDecision, FailureView, TaskView } from '../contract/views.js';
import type { Piece, Text } from '../contract/wire.js';
import { approvalOf } from '../crew/approval.js';
import { DEFAULT_GUARDRAIL_RETRIES, DEFAULT_MAX_REVIEWS, MAX_REJECTIONS } from '../crew/limits.js';
import { taskMessages, type TaskPrompt } from '../crew/prompt.js';
import type { ApprovalSpec } from '../crew/types.js';
import { render } from '../crew/template.js';
import { agentTurn } from './agent-turn.js';
import { askPerson } from './ask-person.js';
import { checkGuardrails, conditionHolds } from './checks.js';
import { gatherContext, type GivenOutput } from './context.js';
import { coworkersOf } from './delegate.js';
import { failure } from './failure.js';
import { codeOf, failureView } from './failure-view.js';
import type { Scope } from './journal.js';
import { sizeOf, toWire } from './messages.js';
import { review, type Brief } from './manager.js';
import { putText, STORE } from './proxies.js';
import type { RunContext } from './run-context.js';
import type { Answer } from './turn.js';

type Rejected = TaskPrompt<Exclude<Piece, string>>['rejected'];

/**
 * Runs a task to its end: completed, failed or skipped, which the state says. What fails is no exception here: the plan
 * decides what it means for the run.
 * @throws CancelledFailure
 */
export async function runTask(run: RunContext, scope: Scope, taskId: string, brief: Brief): Promise<void> {
  const task = run.input.definition.tasks[taskId];
  if (!task) throw failure(FailureType.internal, `no task ${taskId}`);
  try {
    if (task.condition !== undefined) {
      const holds = await scope.block('condition', (inner) => conditionHolds(run, inner, taskId, task.condition ?? ''));
      if (!holds) {
        run.state.taskSkipped(taskId, 'condition');
        run.show();
        return;
      }
    }
    const worked = await workOn(run, scope, taskId, brief);
    if (worked === 'skipped') {
      run.state.taskSkipped(taskId, 'person');
      run.show();
      return;
    }
    const { output, json, answer } = worked;
    const artifact = await keepArtifact(run, scope, taskId, output);
    run.state.taskCompleted(taskId, output, {
      ...(json && { format: 'json' as const }),
      ...(artifact && { artifact }),
      ...(answer !== undefined && { answer }),
    });
    run.show();
  } catch (error) {
    if (isCancellation(error)) {
      run.state.taskCancelled(taskId);
      throw error;
    }
    if (codeOf(error) === FailureType.stopped) run.state.taskCancelled(taskId);
    else run.state.taskFailed(taskId, failureView(error, taskId));
    run.failures.set(taskId, error);
    run.show();
  } finally {
    scope.forget();
  }
}

/** Keeps the output of a task with `output_file` in the store, under the name that the definition gives it. */
async function keepArtifact(
  run: RunContext,
  scope: Scope,
  taskId: string,
  output: Text,
): Promise<TaskView['artifact']> {
  const file = run.input.definition.tasks[taskId]?.output_file;
  if (file === undefined) return undefined;
  const path = render(file, run.input.inputs);
  const options = { activityId: `${taskId}/artifact`, summary: `${taskId} · ${path}`.slice(0, 100) };
  if (typeof output !== 'string') return { path, ref: output };
  const ref = await scope.step('artifact', () => putText.executeWithOptions({ ...STORE, ...options }, [output]));
  return { path, ref };
}

/** Lets the agent work until its output is final: through guardrails, manager and person, each of which may send it back. */
async function workOn(run: RunContext, scope: Scope, taskId: string, brief: Brief): Promise<Answer | 'skipped'> {
  const { definition } = run.input;
  const task = definition.tasks[taskId];
  const rejected: Rejected = [];
  const times = { person: 0, guardrail: 0, manager: 0 };
  for (let attempt = 1; ; attempt++) {
    const place = scope.at(`attempt/${attempt}`);
    const sendBack = (by: keyof typeof times, output: Text, reason: string) => {
      rejected.push({ output, feedback: reason });
      times[by] += 1;
      place.once('sent-back', () => run.state.taskSentBack(taskId, { by, reason: reason.slice(0, 1_000) }));
      run.show();
    };
    const answer = await place.block('turn', (inner) => oneAttempt(run, inner, taskId, brief, rejected));
    const checked = await place.block('checks', (inner) => checkGuardrails(run, inner, taskId, answer));
    if (!checked.ok) {
      if (times.guardrail >= (task?.guardrail_max_retries ?? DEFAULT_GUARDRAIL_RETRIES)) {
        throw failure(
          FailureType.guardrailUnmet,
          `The output was sent back by its guardrail ${times.guardrail + 1} times: ${checked.reason}`,
        );
      }
      sendBack('guardrail', answer.output, checked.reason);
      continue;
    }
    if (definition.process === 'hierarchical') {
      const verdict = await place.block('review', (inner) => review(run, inner, taskId, checked.answer.output));
      run.state.task(taskId).review = verdict;
      if (!verdict.accepted && times.manager < (definition.max_reviews ?? DEFAULT_MAX_REVIEWS)) {
        sendBack('manager', checked.answer.output, verdict.reasons.trim() || 'It is not what was expected.');
        continue;
      }
    }
    const spec = task && approvalOf(task);
    if (!spec) return checked.answer;
    const decision = await askForOutput(run, taskId, attempt, checked.answer, spec);
    const decided = afterDecision(decision, checked.answer);
    if (decided !== 'rejected') return decided;
    sendBack('person', checked.answer.output, decision.feedback ?? '');
    const most = spec.max_rejections ?? MAX_REJECTIONS;
    if (times.person >= most) {
      throw failure(FailureType.reworkExhausted, `The output was rejected ${most} times`);
    }
  }
}

/** What a person made of an output. */
function afterDecision(decision: ApprovalDecision, { output, json }: Answer): Answer | 'skipped' | 'rejected' {
  const { action, answer } = decision;
  if (action === 'reject') return 'rejected';
  if (action === 'skip') return 'skipped';
  const edited = action === 'edit' ? (decision.outputRef ?? decision.output ?? output) : output;
  return { output: edited, json, ...(answer !== undefined && { answer }) };
}

/** One attempt: what the agent is told, and its turn. */
async function oneAttempt(
  run: RunContext,
  scope: Scope,
  taskId: string,
  brief: Brief,
  rejected: Rejected,
): Promise<Answer> {
  const { definition, inputs } = run.input;
  const task = definition.tasks[taskId];
  const key = run.state.task(taskId).agent;
  const agent = definition.agents[key];
  if (!task || !agent) throw failure(FailureType.internal, 'The definition names no such task or agent');
  const instructions = instructionsOf(brief, taskId);
  const promptWith = (context: GivenOutput[]) =>
    toWire(taskMessages<Exclude<Piece, string>>({ agent, task, inputs, context, rejected, instructions }));
  const context = await gatherContext(run, scope.at('context'), taskId, sizeOf(promptWith([])));
  const chain = [key];
  return agentTurn(run, scope.at('turn'), {
    caller: { taskId, agent: key },
    agent,
    place: taskId,
    messages: promptWith(context),
    tools: task.tools ?? agent.tools ?? [],
    schema: task.output_schema,
    coworkers: coworkersOf(run, key, chain),
    chain,
  });
}

function instructionsOf({ plans, assignments }: Brief, taskId: string): string[] {
  const plan = plans[taskId];
  const said = assignments[taskId]?.instructions ?? '';
  return [...(plan === undefined ? [] : [`Plan: ${plan}`]), ...(said === '' ? [] : [`The manager says: ${said}`])];
}

/** Asks a person what becomes of an output. @throws ApplicationFailure `Task.Stopped` */
function askForOutput(
  run: RunContext,
  taskId: string,
  attempt: number,
  { output, json }: Answer,
  spec: ApprovalSpec,
): Promise<ApprovalDecision> {
  const schema = json ? run.input.definition.tasks[taskId]?.output_schema : undefined;
  const id = outputApprovalId(taskId, attempt);
  const outputSchema = schema === undefined ? {} : { outputSchema: schema };
  return askPerson(run, { id, kind: 'task_output', taskId, shown: output, spec, ...outputSchema });
}

/** What a run fails with: its first failed task that may not fail. */
export function fatalFailure({ input, state }: RunContext): FailureView | undefined {
  const fatal = state.view.tasks.find(
    ({ id, status }) => status === 'failed' && (input.definition.tasks[id]?.on_failure ?? 'fail') === 'fail',
  );
  return fatal?.error;
}
