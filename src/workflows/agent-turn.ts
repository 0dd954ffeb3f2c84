import { FailureType } from '../contract/failures.js';
import { modelCallId } from '../contract/ids.js';
import type { RunInput } from '../contract/messages.js';
import { MAX_PROMPT_CHARS, type ModelReply, type ModelRequest } from '../contract/wire.js';
import { contextOf } from '../crew/plan.js';
import { taskMessages, type TaskPrompt } from '../crew/prompt.js';
import { failure } from './failure.js';
import { callModel, MODEL_CALL } from './proxies.js';
import type { RunState } from './run-state.js';

/**
 * One attempt of an agent at a task: asks its model until there is an answer that is not empty, at most
 * `max_retry_limit` times more. Returns the answer's text.
 * @throws ApplicationFailure and ActivityFailure; `failureView` puts either into words.
 */
export async function agentTurn(
  input: RunInput,
  state: RunState,
  taskId: string,
  rejected: TaskPrompt['rejected'],
): Promise<string> {
  const task = input.definition.tasks[taskId];
  const agent = task && input.definition.agents[task.agent];
  if (!agent) throw failure(FailureType.internal, 'The definition names no such task or agent');
  const context = contextOf(input.definition, taskId).flatMap((id) => {
    const { role, output } = state.task(id);
    return output === undefined ? [] : [{ role, output }];
  });
  const request: ModelRequest = {
    messages: taskMessages({ agent, task, inputs: input.inputs, context, rejected }),
    ...(agent.llm !== undefined && { model: agent.llm }),
  };
  checkSize(request);
  const deadline = agent.max_execution_time === undefined ? undefined : Date.now() + agent.max_execution_time * 1000;

  for (let retry = 0; ; retry++) {
    const call = state.task(taskId).usage.calls + 1;
    const reply = await callOnce(request, state.task(taskId).role, taskId, call, deadline);
    state.modelCalled(taskId, call, reply);
    const text = reply.text.trim();
    if (text !== '') return text;
    if (retry >= agent.max_retry_limit) {
      throw failure(FailureType.modelEmptyAnswer, `The model gave an empty answer ${retry + 1} times`);
    }
    state.taskRetried(taskId, 'empty_answer');
  }
}

function callOnce(
  request: ModelRequest,
  role: string,
  taskId: string,
  call: number,
  deadline: number | undefined,
): Promise<ModelReply> {
  const remainingMs = deadline === undefined ? undefined : deadline - Date.now();
  if (remainingMs !== undefined && remainingMs <= 0) {
    throw failure(FailureType.taskTimedOut, 'The agent did not finish within its time');
  }
  return callModel.executeWithOptions(
    {
      ...MODEL_CALL,
      activityId: modelCallId(taskId, call),
      summary: `${role} · ${taskId} · model call ${call}`.slice(0, MAX_SUMMARY_CHARS),
      ...(remainingMs !== undefined && { scheduleToCloseTimeout: remainingMs }),
    },
    [request],
  );
}

// Temporal refuses summaries over 400 bytes, and a refusal fails the workflow task for ever; 4 bytes a character.
const MAX_SUMMARY_CHARS = 100;

function checkSize({ messages }: ModelRequest): void {
  const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
  if (chars > MAX_PROMPT_CHARS) {
    const message = `The prompt has ${chars} characters, at most ${MAX_PROMPT_CHARS} fit a run; name fewer tasks in context`;
    throw failure(FailureType.promptTooLarge, message);
  }
}
