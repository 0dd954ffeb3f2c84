import { z } from '@hono/zod-openapi';
import { APPROVAL_ACTIONS } from '../contract/views.js';
import { MAX_OUTPUT_CHARS } from '../contract/wire.js';
import { BROKEN_UNICODE, isWellFormed } from '../crew/values.js';
import { plainText } from './schemas.js';

/** What a decision says, whichever way it comes. */
export const decisionFields = {
  action: z.enum(APPROVAL_ACTIONS, { error: `Expected one of: ${APPROVAL_ACTIONS.join(', ')}` }),
  by: plainText(200)
    .default('anonymous')
    .openapi({ description: 'Who decides; a claim, as callers are not authenticated' }),
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
    .optional()
    .openapi({ description: 'For edit of a tool call: what it shall be made with' }),
  answer: z.any().optional().openapi({ description: 'With approve, where the approval has an answerSchema' }),
};
