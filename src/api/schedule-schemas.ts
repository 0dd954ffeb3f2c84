import { z } from '@hono/zod-openapi';
import { OVERLAPS, SCHEDULE_ID_PATTERN } from '../contract/coordination.js';
import { RUN_STATUSES } from '../contract/views.js';
import { strict } from '../crew/issues.js';
import { crewRefName } from './crew-schemas.js';
import { isoTime } from './routes/queueing.js';
import { failureSchema, plainText } from './schemas.js';
import { webhookIds } from './webhook-schemas.js';

const YEAR_SECONDS = 366 * 86_400;

const seconds = (min: number) =>
  z
    .int('Expected a whole number of seconds')
    .min(min, `Expected at least ${min} seconds`)
    .max(YEAR_SECONDS, 'Expected at most a year');

export const overlapSchema = z.enum(OVERLAPS, { error: `Expected one of: ${OVERLAPS.join(', ')}` }).openapi({
  description:
    'Where the run before has not ended: leave this one out, let one or all wait, end the other, or run both',
});

const inputs = z.record(z.string(), z.unknown(), { error: 'Expected an object of inputs by name' });

const times = {
  cron: z
    .array(plainText(200), { error: 'Expected a list of cron expressions' })
    .min(1, 'Expected at least one expression')
    .max(20, 'Expected at most 20 expressions'),
  intervals: z
    .array(strict({ everySeconds: seconds(1), offsetSeconds: seconds(0).optional() }), {
      error: 'Expected a list of { everySeconds, offsetSeconds? }',
    })
    .min(1, 'Expected at least one interval')
    .max(20, 'Expected at most 20 intervals'),
  timeZone: z
    .string({ error: 'Expected the name of a time zone' })
    .max(100)
    .refine(isTimeZone, 'Expected the name of a time zone, as Europe/Berlin'),
  startAt: isoTime,
  endAt: isoTime,
  jitterSeconds: seconds(0),
};

export const scheduleId = z
  .string({ error: 'Expected a text' })
  .regex(SCHEDULE_ID_PATTERN, 'Expected 1 to 40 letters, digits, hyphens and underscores');

export const scheduleParam = z.object({
  id: scheduleId.openapi({ param: { name: 'id', in: 'path' }, example: 'nightly' }),
});

export const createScheduleSchema = strict({
  id: scheduleId.optional().openapi({ description: 'Its runs are named by it; absent: a new one', example: 'nightly' }),
  crew: crewRefName,
  inputs: inputs.default({}).openapi({ example: { topic: 'AI' } }),
  label: plainText(200).optional(),
  cron: times.cron.optional().openapi({ example: ['0 2 * * *'] }),
  intervals: times.intervals.optional(),
  timeZone: times.timeZone.optional().openapi({ description: 'Of the cron expressions; UTC by default' }),
  startAt: times.startAt.optional(),
  endAt: times.endAt.optional(),
  jitterSeconds: times.jitterSeconds.optional().openapi({ description: 'Each start is late by up to so much' }),
  overlap: overlapSchema.default('skip'),
  catchupWindowSeconds: seconds(10)
    .optional()
    .openapi({ description: 'How late a missed start is made; an hour by default' }),
  paused: z.boolean({ error: 'Expected true or false' }).default(false),
  note: plainText(500).optional(),
  webhooks: webhookIds.optional(),
})
  .superRefine((schedule, context) => {
    if (!(schedule.cron ?? schedule.intervals))
      context.addIssue({ code: 'custom', path: ['cron'], message: 'Required: expected cron or intervals' });
    checkEnd(schedule, context);
  })
  .openapi('CreateScheduleRequest');

export const patchScheduleSchema = strict({
  crew: crewRefName.optional(),
  inputs: inputs.optional(),
  label: plainText(200).nullable().optional(),
  cron: times.cron.nullable().optional(),
  intervals: times.intervals.nullable().optional(),
  timeZone: times.timeZone.nullable().optional(),
  startAt: times.startAt.nullable().optional(),
  endAt: times.endAt.nullable().optional(),
  jitterSeconds: times.jitterSeconds.nullable().optional(),
  overlap: overlapSchema.optional(),
  catchupWindowSeconds: seconds(10).optional(),
  webhooks: webhookIds.nullable().optional(),
})
  .superRefine(checkEnd)
  .openapi('PatchScheduleRequest', { description: 'What is named is replaced, what is null taken away' });

export const noteSchema = strict({ note: plainText(500).optional() }).openapi('ScheduleNote');
export const triggerSchema = strict({ overlap: overlapSchema.optional() }).openapi('TriggerScheduleRequest');
export const backfillSchema = strict({
  from: isoTime,
  to: isoTime,
  overlap: overlapSchema.optional().openapi({ description: '`bufferAll` by default: one after the other' }),
})
  .superRefine(({ from, to }, context) => {
    if (Date.parse(from) < Date.parse(to)) return;
    context.addIssue({ code: 'custom', path: ['to'], message: 'Expected a time after `from`' });
  })
  .openapi('BackfillScheduleRequest');

const time = z.iso.datetime();
const count = z.int().min(0);
const links = z.object({ self: z.string() });

export const scheduleRowSchema = z
  .object({
    id: z.string(),
    crew: z.string().openapi({ description: "The crew's name" }),
    paused: z.boolean(),
    note: z.string().optional(),
    nextTimes: z.array(time),
    links,
  })
  .openapi('ScheduleRow');

export const scheduleSchema = z
  .object({
    id: z.string(),
    crew: z.string(),
    inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    label: z.string().optional(),
    cron: z.array(z.string()).optional(),
    intervals: z.array(z.object({ everySeconds: count, offsetSeconds: count.optional() })).optional(),
    timeZone: z.string().optional(),
    startAt: z.string().optional(),
    endAt: z.string().optional(),
    jitterSeconds: count.optional(),
    overlap: overlapSchema,
    catchupWindowSeconds: z.number().optional(),
    paused: z.boolean(),
    note: z.string().optional(),
    webhooks: z.array(z.string()).optional(),
    nextTimes: z.array(time),
    recentRuns: z.array(
      z.object({
        runId: z.string(),
        scheduledAt: time,
        startedAt: time,
        status: z.enum(['open', 'missing', ...RUN_STATUSES]).openapi({
          description: '`missing`: it could not be started, or is not kept any more',
        }),
        error: failureSchema.optional(),
        links,
      }),
    ),
    fired: count,
    skipped: count.openapi({ description: 'The run before had not ended' }),
    missed: count.openapi({ description: 'It was too late to start' }),
    createdAt: time,
    updatedAt: time.optional(),
    links,
  })
  .openapi('Schedule');

/** A schedule that is over before it begins never fires, and Temporal looks for its next time for long. */
function checkEnd(
  { startAt, endAt }: { startAt?: string | null | undefined; endAt?: string | null | undefined },
  context: z.RefinementCtx,
): void {
  if (typeof endAt !== 'string') return;
  const issue = (message: string) => context.addIssue({ code: 'custom', path: ['endAt'], message });
  if (Date.parse(endAt) <= Date.now()) issue('Expected a time to come');
  else if (typeof startAt === 'string' && Date.parse(endAt) <= Date.parse(startAt))
    issue('Expected a time after `startAt`');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
