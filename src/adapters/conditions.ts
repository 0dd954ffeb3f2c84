import { createContext, Script } from 'node:vm';
import type { EvaluationError } from '@marcbachmann/cel-js';
import { type ParseResult } from '@marcbachmann/cel-js';
import type { Conditions } from '../ports.js';
import { environment, MAX_CONDITION_CHARS } from './conditions/environment.js';
import { referenceProblems, type ConditionNames } from './conditions/references.js';

/** Longest time of one evaluation. Some loops over large outputs take longer; nothing else is near it. */
const TIMEOUT_MS = 1_000;

/** Conditions as CEL: a standard language of expressions without side effects or loops that do not end. */
export function createConditions(): Conditions {
  return { check: checkCondition, evaluate: evaluateCondition };
}

/** What is wrong with an expression, for people: nothing, or a line each. Works nothing out. */
export function checkCondition(expression: string, names: ConditionNames): string[] {
  const parsed = parse(expression);
  if (typeof parsed === 'string') return [parsed];
  const problems = referenceProblems(parsed.ast, names);
  if (problems.length > 0) return problems;
  const { valid, type, error } = parsed.check();
  if (!valid) return [inWords(error)];
  return type === 'bool' || type === 'dyn' ? [] : [notBoolean(String(type))];
}

/**
 * Works an expression out.
 * @throws ConditionError, in words for people
 */
export function evaluateCondition(expression: string, values: Parameters<Conditions['evaluate']>[1]): boolean {
  const parsed = parse(expression);
  if (typeof parsed === 'string') throw new ConditionError(expression, parsed);
  // Tasks and inputs that are not there say so by themselves; what is not allowed must not even be tried.
  const [problem] = referenceProblems(parsed.ast);
  if (problem !== undefined) throw new ConditionError(expression, problem);
  const value = inTime(expression, () => parsed({ outputs: values.outputs, inputs: values.inputs }) as unknown);
  if (typeof value !== 'boolean') throw new ConditionError(expression, notBoolean(typeOf(value)));
  return value;
}

/** A condition that cannot be worked out; the message says which and why. */
export class ConditionError extends Error {
  constructor(expression: string, why: string) {
    const shown = expression.length <= 200 ? expression : `${expression.slice(0, 200)}…`;
    super(`The condition '${shown}' cannot be worked out: ${why}`);
    this.name = 'ConditionError';
  }
}

function parse(expression: string): ParseResult | string {
  if (expression.length > MAX_CONDITION_CHARS) return `a condition has at most ${MAX_CONDITION_CHARS} characters`;
  try {
    return environment.parse(expression);
  } catch (error) {
    return inWords(error);
  }
}

/** Runs it where it can be stopped: of all that Node has, only a context of its own can be cut in the middle of a computation. */
function inTime<T>(expression: string, work: () => T): T {
  const script = new Script('work()');
  try {
    return script.runInContext(createContext({ work }), { timeout: TIMEOUT_MS }) as T;
  } catch (error) {
    const cut = (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    throw new ConditionError(expression, cut ? `it takes longer than ${TIMEOUT_MS} ms` : inWords(error));
  }
}

function inWords(error: unknown): string {
  const { summary, range, message } = error as Partial<EvaluationError>;
  const text = summary ?? message ?? String(error);
  const at = range ? ` (at character ${range.start + 1})` : '';
  if (/^No such key: json$/.test(text)) {
    return `the task gave no JSON${at}: ask has(outputs.task.json), or "json" in outputs["task"], first`;
  }
  if (/has\(\) invalid argument/.test(text)) {
    return `has() takes names joined by dots${at}; for a name with '-' write "json" in outputs["my-task"]`;
  }
  if (text === 'Unexpected character: =') return `to compare, write ==${at}`;
  return `${text.replaceAll('dyn<', '').replaceAll('>', '')}${at}`;
}

function notBoolean(type: string): string {
  return `it gives ${type}, expected true or false`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint' || typeof value === 'number') return 'a number';
  return typeof value === 'string' ? 'a text' : Array.isArray(value) ? 'a list' : 'an object';
}
