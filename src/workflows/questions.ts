import { FailureType } from '../contract/failures.js';
import type { ChatMessage, Piece } from '../contract/wire.js';
import { QUESTION_REPAIRS } from '../crew/limits.js';
import { schemaFeedback } from '../crew/prompt.js';
import type { Question } from '../crew/questions.js';
import { askModel, type Asking, type Pick } from './ask-model.js';
import { failure } from './failure.js';
import type { Scope } from './journal.js';
import { toWire } from './messages.js';
import type { RunContext } from './run-context.js';

type Reference = Exclude<Piece, string>;

/**
 * Asks a model one of the engine's own questions, and again where the answer is not of the question's schema. Gives the
 * answer, or undefined where the model would not give one.
 * @throws as `askModel`
 */
export async function askQuestion<T>(
  run: RunContext,
  scope: Scope,
  question: Question<Reference>,
  asking: Omit<Asking, 'request'>,
): Promise<T | undefined> {
  return scope.block('question', async (inner) => {
    const pick: Pick = { model: 0 };
    const messages = toWire([
      { role: 'system', content: [question.system] },
      { role: 'user', content: question.user },
    ]);
    for (let round = 0; round <= QUESTION_REPAIRS; round++) {
      const request = { messages, schema: question.schema };
      const reply = await askModel(run, inner, `model/${round}`, { ...asking, request }, pick);
      const issues = reply.schemaIssues ?? (reply.textRef ? ['it is too long'] : undefined);
      if (!issues) return JSON.parse(reply.text) as T;
      messages.push(...repairs(reply.text, issues));
    }
    return undefined;
  });
}

function repairs(answer: string, issues: readonly string[]): ChatMessage[] {
  return [
    { role: 'assistant', content: answer === '' ? '(no answer)' : answer },
    { role: 'user', content: schemaFeedback(issues) },
  ];
}

/** The same, for what cannot be done without. @throws ApplicationFailure `Task.CheckFailed` also where there is no answer */
export async function requireAnswer<T>(what: string, ...args: Parameters<typeof askQuestion<T>>): Promise<T> {
  const answer = await askQuestion<T>(...args);
  if (answer === undefined) throw failure(FailureType.checkFailed, `The model gave no usable answer to ${what}`);
  return answer;
}
