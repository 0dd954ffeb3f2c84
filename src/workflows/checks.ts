import type { Text } from '../contract/wire.js';
import { conditionQuestion, guardrailQuestion } from '../crew/questions.js';
import type { TaskDefinition } from '../crew/types.js';
import { outputsOf, roomFor } from './context.js';
import type { Scope } from './journal.js';
import { clipped } from './messages.js';
import { CHECK, checkOutput, evaluateCondition } from './proxies.js';
import { requireAnswer } from './questions.js';
import type { RunContext } from './run-context.js';
import type { Answer } from './turn.js';

/**
 * Whether a task's condition holds: an expression over the earlier outputs, evaluated by an activity, or a yes/no question
 * to a model.
 * @throws ApplicationFailure `Task.CheckFailed` where it cannot be told
 */
export async function conditionHolds(
  run: RunContext,
  scope: Scope,
  taskId: string,
  condition: NonNullable<TaskDefinition['condition']>,
): Promise<boolean> {
  const { inputs, definition } = run.input;
  if (typeof condition === 'string') {
    // Only what it can look at: the outputs of a large crew are no small argument.
    const named = run.state.view.tasks.filter(({ id }) => condition.includes(id));
    const tasks = named.map(({ id, status, output, outputRef, format }) => {
      const text = output ?? outputRef;
      return { id, status, json: format === 'json', ...(text !== undefined && { output: text }) };
    });
    const options = { ...CHECK, activityId: `${taskId}/condition`, summary: `${taskId} · condition` };
    return scope.step('expression', () =>
      evaluateCondition.executeWithOptions(options, [{ expression: condition, tasks, inputs }]),
    );
  }
  const llm = condition.llm ?? definition.agents[run.state.task(taskId).agent]?.llm;
  const read = outputsOf(run, taskId);
  const room = roomFor(run, llm, condition.question.length) / Math.max(1, read.length);
  const outputs = read.map(({ role, output }) => ({ role, output: clipped(output, room) }));
  const asking = { caller: { taskId }, place: `${taskId}/condition`, role: run.state.task(taskId).role, llm };
  const question = conditionQuestion(condition.question, outputs, inputs);
  const { answer } = await requireAnswer<{ answer: boolean }>('the condition', run, scope, question, asking);
  return answer;
}

/** What the guardrails made of an output: it stands, changed perhaps; or it goes back with the reason. */
export type Checked = { ok: true; answer: Answer } | { ok: false; reason: string };

/** Puts an output through a task's guardrails, in their order. Functions that follow each other are one activity. */
export async function checkGuardrails(run: RunContext, scope: Scope, taskId: string, answer: Answer): Promise<Checked> {
  let current = answer;
  for (const [at, group] of groupsOf(run.input.definition.tasks[taskId]).entries()) {
    const place = scope.at(`guardrail/${at}`);
    const checked =
      'text' in group
        ? await judged(run, place, taskId, group.text, current)
        : await byFunctions(run, place, taskId, group.functions, current);
    if (!checked.ok) return checked;
    current = checked.answer;
  }
  return { ok: true, answer: current };
}

type Group = { text: string } | { functions: string[] };

function groupsOf(task: TaskDefinition | undefined): Group[] {
  const groups: Group[] = [];
  for (const guardrail of [task?.guardrail ?? []].flat()) {
    const last = groups.at(-1);
    if (typeof guardrail === 'string') groups.push({ text: guardrail });
    else if (last && 'functions' in last) last.functions.push(guardrail.function);
    else groups.push({ functions: [guardrail.function] });
  }
  return groups;
}

async function judged(run: RunContext, scope: Scope, taskId: string, rule: string, answer: Answer): Promise<Checked> {
  const { definition, inputs } = run.input;
  const task = run.state.task(taskId);
  const llm = definition.agents[task.agent]?.llm;
  const question = guardrailQuestion(rule, clipped(answer.output, roomFor(run, llm, rule.length)), inputs);
  const asking = { caller: { taskId }, place: `${taskId}/guardrail`, role: `${task.role}'s guardrail`, llm };
  const verdict = await requireAnswer<{ valid: boolean; reasons: string }>(
    'the guardrail',
    run,
    scope,
    question,
    asking,
  );
  return verdict.valid ? { ok: true, answer } : { ok: false, reason: verdict.reasons.trim() || rule };
}

async function byFunctions(
  run: RunContext,
  scope: Scope,
  taskId: string,
  functions: string[],
  answer: Answer,
): Promise<Checked> {
  const reply = await scope.step('functions', () => {
    const call = run.counters.next(`${taskId}/check`);
    const summary = `${taskId} · ${functions.join(', ')}`.slice(0, 100);
    const options = { ...CHECK, activityId: `${taskId}/check/${call}`, summary };
    const { output, json } = answer;
    return checkOutput.executeWithOptions(options, [{ output, json, functions, inputs: run.input.inputs }]);
  });
  if (!reply.ok) return { ok: false, reason: reply.feedback };
  const changed: Text | undefined = reply.output;
  return { ok: true, answer: changed === undefined ? answer : { ...answer, output: changed } };
}
