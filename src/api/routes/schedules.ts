import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ScheduleTimes } from '../../contract/coordination.js';
import type { ScheduleRecord, ScheduleSpec } from '../../ports.js';
import { tenantIn } from '../caller.js';
import type { AppDeps, AppEnv } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { namedWebhooks } from '../named-webhooks.js';
import { createRouter, json, problems } from '../openapi.js';
import { baseOf } from '../resource.js';
import { requireRunnable } from '../runnable.js';
import {
  backfillSchema,
  createScheduleSchema,
  noteSchema,
  patchScheduleSchema,
  scheduleParam,
  scheduleRowSchema,
  scheduleSchema,
  triggerSchema,
} from '../schedule-schemas.js';
import { idUnderKey, keyReused, requireCrew, requireInputs, sha256, splitCrewRef } from '../start-run.js';
import { idempotencyHeader } from './headers.js';

const PATH = '/v1/schedules';
const ONE = `${PATH}/{id}`;
const tags = ['Schedules'];
const bodyOf = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

const createScheduleRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: PATH,
  operationId: 'createSchedule',
  summary: 'Run a crew at given times',
  description: 'A crew without a version is the newest one when the schedule fires.',
  tags,
  request: { headers: idempotencyHeader, body: bodyOf(createScheduleSchema) },
  responses: {
    200: json(scheduleSchema, 'The schedule that the same Idempotency-Key made before'),
    201: json(scheduleSchema, 'The schedule is made'),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listSchedules',
  summary: 'All schedules',
  tags,
  responses: {
    200: json(z.object({ schedules: z.array(scheduleRowSchema) }).openapi('ScheduleList'), 'The schedules'),
    ...problems(503),
  },
});

const getRoute = createRoute({
  method: 'get',
  path: ONE,
  operationId: 'getSchedule',
  summary: 'A schedule: its next times and its last runs',
  tags,
  request: { params: scheduleParam },
  responses: { 200: json(scheduleSchema, 'The schedule'), ...problems(404, 503) },
});

const patchRoute = createRoute({
  method: 'patch',
  middleware: jsonOnly,
  path: ONE,
  operationId: 'changeSchedule',
  summary: 'Change a schedule',
  tags,
  request: { params: scheduleParam, body: bodyOf(patchScheduleSchema) },
  responses: { 200: json(scheduleSchema, 'The schedule'), ...problems(400, 404, 409, 413, 415, 422, 503) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: ONE,
  operationId: 'deleteSchedule',
  summary: 'Delete a schedule; its runs stay',
  tags,
  request: { params: scheduleParam },
  responses: { 204: { description: 'It is gone' }, ...problems(404, 503) },
});

const accepted = { 202: json(z.object({ id: z.string() }).openapi('ScheduleAccepted'), 'It is done at once') };

const act = <N extends string, S extends z.ZodType>(name: N, operationId: string, summary: string, schema: S) =>
  createRoute({
    method: 'post',
    middleware: jsonOnly,
    path: `${ONE}/${name}` as const,
    operationId,
    summary,
    tags,
    request: { params: scheduleParam, body: bodyOf(schema) },
    responses: { ...accepted, ...problems(400, 404, 413, 415, 422, 503) },
  });

const pauseRoute = act('pause', 'pauseSchedule', 'Let it rest', noteSchema);
const resumeRoute = act('resume', 'resumeSchedule', 'Let it fire again', noteSchema);
const triggerRoute = act('trigger', 'triggerSchedule', 'Fire now', triggerSchema);
const backfillRoute = act('backfill', 'backfillSchedule', 'Fire for times that have passed', backfillSchema);

/** `/v1/schedules`. */
export function scheduleRoutes(deps: AppDeps) {
  const { schedules, settings } = deps;
  const read = async (context: Context<AppEnv>, id: string) =>
    resource(await schedules.get(tenantIn(context), id), baseOf(context.req.url, settings));
  return createRouter()
    .openapi(createScheduleRoute, async (context) => {
      const { id: wanted, ...body } = context.req.valid('json');
      const { catchupWindowSeconds, note, label, overlap, paused } = body;
      const key = context.req.valid('header')['idempotency-key'];
      const spec: ScheduleSpec = {
        ...(await runnable(deps, tenantIn(context), body.crew, body.inputs)),
        when: timesOf(body),
        overlap,
        paused,
        ...defined({ catchupWindowSeconds, note, label }),
        ...(await namedWebhooks(deps, tenantIn(context), body.webhooks)),
      };
      const id = wanted ?? idUnderKey(tenantIn(context), PATH, key);
      const digest = sha256({ key, ...spec });
      const made = await schedules.create(tenantIn(context), id, spec, key === undefined ? undefined : digest);
      if (made.created) {
        const schedule = await read(context, id);
        return context.json(schedule, 201, { location: schedule.links.self });
      }
      if (made.requestDigest === digest) return context.json(await read(context, id), 200);
      if (wanted !== undefined)
        throw new Problem('schedule_exists', `There is a schedule '${id}' already; PATCH changes it`);
      throw keyReused();
    })
    .openapi(listRoute, async (context) => {
      const rows = await schedules.list(tenantIn(context));
      const base = baseOf(context.req.url, settings);
      return context.json({ schedules: rows.map((row) => ({ ...row, links: selfOf(base, row.id) })) }, 200);
    })
    .openapi(getRoute, async (context) => context.json(await read(context, context.req.valid('param').id), 200))
    .openapi(patchRoute, async (context) => {
      const { id } = context.req.valid('param');
      const { crew, inputs, label, overlap, catchupWindowSeconds, webhooks, ...times } = context.req.valid('json');
      const before = await schedules.get(tenantIn(context), id);
      const when = timesOf({ ...before.when, ...named(times) });
      if (!when.cron && !when.intervals)
        throw new Problem('invalid_request', 'Without cron and intervals it never fires');
      const spec = {
        ...before,
        ...(await runnable(deps, tenantIn(context), crew ?? before.crew, inputs ?? before.inputs)),
        ...defined({ overlap, catchupWindowSeconds }),
        when,
      };
      if (label === null) delete spec.label;
      else if (label !== undefined) spec.label = label;
      if (webhooks !== undefined) delete spec.webhooks;
      Object.assign(spec, await namedWebhooks(deps, tenantIn(context), webhooks ?? undefined));
      await schedules.update(tenantIn(context), id, spec);
      return context.json(await read(context, id), 200);
    })
    .openapi(deleteRoute, async (context) => {
      await schedules.remove(tenantIn(context), context.req.valid('param').id);
      return context.body(null, 204);
    })
    .openapi(pauseRoute, async (context) => {
      const { id } = context.req.valid('param');
      await schedules.pause(tenantIn(context), id, context.req.valid('json').note);
      return context.json({ id }, 202);
    })
    .openapi(resumeRoute, async (context) => {
      const { id } = context.req.valid('param');
      await schedules.resume(tenantIn(context), id, context.req.valid('json').note);
      return context.json({ id }, 202);
    })
    .openapi(triggerRoute, async (context) => {
      const { id } = context.req.valid('param');
      await schedules.trigger(tenantIn(context), id, context.req.valid('json').overlap);
      return context.json({ id }, 202);
    })
    .openapi(backfillRoute, async (context) => {
      const { id } = context.req.valid('param');
      const { from, to, overlap } = context.req.valid('json');
      await schedules.backfill(tenantIn(context), id, from, to, overlap);
      return context.json({ id }, 202);
    });
}

/** Refuses today what could not be run today. */
async function runnable(deps: AppDeps, tenant: string, ref: string, given: Record<string, unknown>) {
  const { name, version } = splitCrewRef(ref);
  const crew = await requireCrew(deps.crews, tenant, name, version);
  const inputs = requireInputs(crew, given, 'inputs');
  requireRunnable(deps, crew);
  return { crew: ref, inputs };
}

type Loose<T> = { [K in keyof T]?: T[K] | null | undefined };

function timesOf({ cron, intervals, timeZone, startAt, endAt, jitterSeconds }: LooseTimes): ScheduleTimes {
  const plain = intervals?.map(({ everySeconds, offsetSeconds }) => ({ everySeconds, ...defined({ offsetSeconds }) }));
  return defined({ cron, intervals: plain, timeZone, startAt, endAt, jitterSeconds });
}

type LooseTimes = Loose<Omit<ScheduleTimes, 'intervals'>> & {
  intervals?: { everySeconds: number; offsetSeconds?: number | undefined }[] | null | undefined;
};

/** Without what is undefined or null. */
function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Without what is undefined: what is null takes away what was there. */
function named<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

function selfOf(base: string, id: string) {
  return { self: `${base}${PATH}/${id}` };
}

function resource({ when, recentRuns, ...schedule }: ScheduleRecord, base: string) {
  return {
    ...schedule,
    ...when,
    recentRuns: recentRuns.map((run) => ({ ...run, links: { self: `${base}/v1/runs/${run.runId}` } })),
    links: selfOf(base, schedule.id),
  };
}
