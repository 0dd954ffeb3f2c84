import { z } from '@hono/zod-openapi';
import { APPROVAL_ACTIONS } from '../contract/views.js';
import { MAX_OUTPUT_CHARS } from '../contract/wire.js';
import { BROKEN_UNICODE, isWellFormed } from '../crew/values.js';
import { byField, plainText } from './schemas.js';

/** Longest `arguments` or `answer`, as JSON: a run's view and events have them as they are. */
const MAX_CARRIED_CHARS = 100_000;
const TOO_LONG = `Expected at most ${MAX_CARRIED_CHARS} characters of JSON`;
const isShort = (value: unknown) => (JSON.stringify(value) ?? '').length <= MAX_CARRIED_CHARS;

/** What a decision says, whichever way it comes. */
export const decisionFields = {
  action: z.enum(APPROVAL_ACTIONS, { error: `Expected one of: ${APPROVAL_ACTIONS.join(', ')}` }),
  by: byField('Who decides'),
  feedback: plainText(20_000).optional().openapi({ description: 'For reject: what the agent shall do differently' }),
  output: z
    .string()
    .min(1, 'Expected a text, found an empty one')
    .max(MAX_OUTPUT_CHARS, `Expected at most ${MAX_OUTPUT_CHARS} characters`)
    .refine(isWellFormed, BROKEN_UNICODE)
    .optional()
    .openapi({ description: "For edit: the person's output; JSON where the task has an output schema" }),
  arguments: z
    .record(z.string(), z.unknown(), { error: 'Expected an object of arguments' })
    .refine(isShort, TOO_LONG)
    .optional()
    .openapi({ description: 'For edit of a tool call: what it shall be made with' }),
  answer: z
    .any()
    .refine(isShort, TOO_LONG)
    .optional()
    .openapi({ description: 'With approve, where the approval has an answerSchema' }),
};
