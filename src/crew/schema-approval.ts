import { z } from 'zod';
import { ALL_ACTIONS } from './actions.js';
import { DURATION_PATTERN, durationMs, MAX_DURATION_DAYS } from './duration.js';
import { strict } from './issues.js';

const MAX_MS = MAX_DURATION_DAYS * 86_400_000;

const EXPECTED_DURATION = "Expected seconds as a number, or a duration such as '30s', '15m', '4h' or '3d'";

const duration = z
  .union([z.number().positive(EXPECTED_DURATION), z.string().regex(DURATION_PATTERN, EXPECTED_DURATION)], {
    error: EXPECTED_DURATION,
  })
  .refine((value) => durationMs(value) >= 1 && durationMs(value) <= MAX_MS, {
    error: `Expected at most ${MAX_DURATION_DAYS} days, and more than nothing`,
  });

export const DEADLINE_ACTIONS = ['approve', 'reject', 'skip', 'abort'] as const;

const person = z
  .string({ error: 'Expected the name of a person or group' })
  .trim()
  .min(1, 'Expected a name, found an empty one')
  .max(100, 'Expected at most 100 characters');
const people = z.array(person, { error: 'Expected a list of names' }).min(1, 'Expected at least one name').max(20);

const common = {
  /** What the person is asked, beside what is shown. `{input}` is replaced. */
  question: z.string({ error: 'Expected a text' }).trim().min(1).max(2_000).optional(),
  /** Who is asked: names, for the inbox and for those who notify. Absent: anybody. */
  assignees: people.optional(),
  /** How long is waited. Absent: for as long as it takes. */
  deadline: duration.optional(),
  /** Who is told besides, when nobody has decided after a while. */
  escalation: z
    .array(strict({ after: duration, notify: people }), { error: 'Expected a list of { after, notify }' })
    .max(10, 'Expected at most 10 steps')
    .optional(),
};

const expectedAction = (actions: readonly string[]) => ({ error: `Expected one of: ${actions.join(', ')}` });
const actions = z
  .array(z.enum(ALL_ACTIONS, expectedAction(ALL_ACTIONS)), { error: 'Expected a list of actions' })
  .min(1, 'Expected at least one action')
  .optional();
const onDeadline = z.enum(DEADLINE_ACTIONS, expectedAction(DEADLINE_ACTIONS)).optional();
const flag = z.boolean();
const shape = { error: 'Expected true, false, or { question, actions, assignees, deadline, on_deadline, escalation }' };

/** How a person is asked for an output. */
export const taskApprovalSchema = z.union(
  [
    flag,
    strict({
      ...common,
      actions,
      /** What happens when the deadline has passed. */
      on_deadline: onDeadline,
      /** What an approval must answer: a JSON Schema, or the name of one that the operator provides. */
      answer_schema: z.union([z.string().trim().min(1).max(200), z.record(z.string(), z.unknown())]).optional(),
      /** How often a person may send the output back before the task fails. Absent: 10. */
      max_rejections: z.int('Expected a whole number').min(1, 'Expected at least 1').max(100).optional(),
    }),
  ],
  shape,
);

/** How a person is asked before a tool is called. */
export const toolApprovalSchema = z.union([flag, strict({ ...common, actions, on_deadline: onDeadline })], shape);

/** How a person is asked when the budget is used up. */
export const budgetApprovalSchema = strict({
  ...common,
  on_deadline: z.enum(['approve', 'abort'], expectedAction(['approve', 'abort'])).optional(),
});
