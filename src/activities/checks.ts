import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import {
  MAX_OUTPUT_CHARS,
  type CheckedDecision,
  type CheckReply,
  type CheckRequest,
  type ConditionRequest,
  type DecisionCheck,
} from '../contract/wire.js';
import { fitDecision } from '../contract/fit-decision.js';
import type { Conditions, ConditionValues, JsonSchemas, OutputChecks, Store } from '../ports.js';
import { withHeartbeat } from './heartbeat.js';
import { here } from './here.js';
import { textsOf } from './texts.js';

interface Deps {
  checks: OutputChecks;
  conditions: Conditions;
  schemas: JsonSchemas;
  store: Store;
}

/** The activities that check outputs by code: guardrail functions of the operator, and conditions. */
export function createCheckActivities({ checks, conditions, schemas, store }: Deps) {
  return {
    /**
     * Puts an output through guardrail functions, each with what the one before made of it, up to the first that refuses.
     * @throws ApplicationFailure `Task.CheckFailed` where a function is not there or throws
     */
    async checkOutput({ output, json, functions, inputs }: CheckRequest): Promise<CheckReply> {
      const texts = textsOf(store, here().tenant);
      const before = await texts.resolve(output);
      return withHeartbeat(async () => {
        let text = before;
        for (const name of functions) {
          const input = { output: text, inputs, ...(json && { json: schemas.extract(text) }) };
          const verdict = await orFailed(`The guardrail function '${name}'`, () => checks.guardrail(name, input));
          if (!verdict.ok)
            return { ok: false, function: name, feedback: verdict.feedback.slice(0, MAX_FEEDBACK_CHARS) };
          text = verdict.output ?? text;
        }
        return text === before ? { ok: true } : { ok: true, output: await texts.toWire(text) };
      });
    },

    /**
     * Looks at a decision that came by signal: whether what it carries fits its approval's schemas. What is long goes into the store.
     */
    async checkDecision({ approval, decision }: DecisionCheck): Promise<CheckedDecision> {
      const texts = textsOf(store, here().tenant);
      const validate = schemas.validate.bind(schemas);
      const named = checks.schema.bind(checks);
      const found = fitDecision({ validate, extract: schemas.extract.bind(schemas), named }, approval, decision);
      if (found.problems.length > 0) {
        const problems = found.problems.map(({ field, message }) => `${field}: ${message}`.slice(0, 300));
        return { ok: false, problems: problems.slice(0, 10) };
      }
      const { output, ...rest } = found.decision;
      if (output === undefined) return { ok: true, decision: rest };
      const text = await texts.toWire(output.slice(0, MAX_OUTPUT_CHARS));
      return {
        ok: true,
        decision: { ...rest, ...(typeof text === 'string' ? { output: text } : { outputRef: text }) },
      };
    },

    /**
     * Evaluates a condition over the outputs so far.
     * @throws ApplicationFailure `Task.CheckFailed` where it gives no yes or no
     */
    async evaluateCondition({ expression, tasks, inputs }: ConditionRequest): Promise<boolean> {
      const texts = textsOf(store, here().tenant);
      const outputs: ConditionValues['outputs'] = {};
      for (const { id, status, output, json } of tasks) {
        const raw = output === undefined ? '' : await texts.resolve(output);
        outputs[id] = { raw, status, ...(json && { json: schemas.extract(raw) }) };
      }
      return orFailed('The condition', () => Promise.resolve(conditions.evaluate(expression, { outputs, inputs })));
    },
  };
}

/** Longest feedback of a guardrail function that an agent is given. */
const MAX_FEEDBACK_CHARS = 4_000;

async function orFailed<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 500) : 'it threw';
    const message = `${what} cannot tell: ${why}`;
    throw ApplicationFailure.create({ type: FailureType.checkFailed, message, nonRetryable: true });
  }
}
