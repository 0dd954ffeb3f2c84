import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import type { StreamingApi } from 'hono/utils/stream';
import { linkedSignal } from '../../contract/linked-signal.js';
import { strict } from '../../crew/issues.js';
import type { RunReading, WatchItem } from '../../ports.js';
import { tenantIn } from '../caller.js';
import type { AppDeps, AppEnv } from '../env.js';
import { Problem } from '../errors.js';
import { createRouter, problems } from '../openapi.js';
import { linksFor, runResource, type Links } from '../resource.js';
import { runIdParam } from '../schemas.js';
import { MAX_WAITING_CHARS, NDJSON, Outbox, SSE, type Framing } from '../sse.js';

/** How soon a client shall come again: at once where this gateway goes away, as another is there already. */
const COME_AGAIN_MS = 1_000;
const COME_ELSEWHERE_MS = 200;

const CURSOR = /^(?:([A-Za-z0-9_-]{1,64}):)?(\d{1,15})$/;

const route = createRoute({
  method: 'get',
  path: '/v1/runs/{runId}/events',
  operationId: 'streamRunEvents',
  summary: "A run's events, as they happen",
  description: [
    'First a `snapshot` (the run), then each run event once and in the order of `seq`, then `end` with its status. As server-sent',
    'events, `id` is `<runId>:<seq>`, `event` the type and `data` the whole event; a comment at least every 15 s. With',
    '`Accept: application/x-ndjson` each line is a JSON object with a `type`: a run event, or `snapshot` (with `run`), `end`, `dropped`,',
    '`heartbeat`. `dropped` says that there is no more though the run goes on: `slow` readers resume from their last event.',
    'Runs that ended long ago are streamed too. Where the reader has all of a run that has ended: 204.',
  ].join('\n'),
  tags: ['Runs'],
  request: {
    params: runIdParam,
    query: strict({
      after: z.coerce
        .number({ error: 'Expected a whole number' })
        .int('Expected a whole number')
        .min(0, 'Expected 0 or more')
        .max(Number.MAX_SAFE_INTEGER)
        .default(0)
        .openapi({ description: 'Only events with a `seq` above this. `Last-Event-ID` goes before it' }),
      deltas: z.enum(['true', 'false'], { error: 'Expected true or false' }).default('false').openapi({
        description:
          'Also `delta`s, pieces of answers while they are written, and `reset`s, where a call is made again: live only, never repeated',
      }),
    }),
    headers: z.object({
      'last-event-id': z
        .string()
        .max(100, 'Expected the id of an event')
        .optional()
        .openapi({ description: 'The last event that the reader has: `<runId>:<seq>`, or its `seq`' }),
    }),
  },
  responses: {
    200: {
      description: 'The stream',
      content: { 'text/event-stream': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
    },
    204: { description: 'The run has ended, and the reader has all of it' },
    ...problems(404, 410, 422, 503),
  },
});

/** `/v1/runs/{runId}/events`. */
export function eventRoutes(deps: AppDeps) {
  return createRouter().openapi(route, async (context) => {
    const { runId } = context.req.valid('param');
    const { after, deltas } = context.req.valid('query');
    const last = context.req.valid('header')['last-event-id'];
    const resumes = last !== undefined && last !== '';
    const tenant = tenantIn(context);
    const until = linkedSignal([deps.draining]);
    const gone = () => {
      until.abort();
      until.release();
    };
    try {
      const options = { after: resumes ? seqOf(last, runId) : after, resumes, signal: until.signal };
      const reading = await deps.watch.open(tenant, runId, options);
      const nothingLeft = resumes && reading.isOver;
      const framing = wantsLines(context) ? NDJSON : SSE;
      if (nothingLeft || context.req.raw.method === 'HEAD') {
        gone();
        return nothingLeft ? context.body(null, 204) : context.body('', 200, headersOf(framing));
      }
      for (const [name, value] of Object.entries(headersOf(framing))) context.header(name, value);
      const links = linksFor(context, deps.settings);
      const of = { tenant, runId, framing, links, deltas: deltas === 'true' };
      return stream(
        context,
        async (out) => {
          out.onAbort(gone);
          try {
            await write(deps, reading, out, of);
          } finally {
            gone();
          }
        },
        (error) => {
          deps.logger.error({ requestId: context.get('requestId'), err: error }, 'stream failed');
          return Promise.resolve();
        },
      );
    } catch (error) {
      gone();
      throw error;
    }
  });
}

interface StreamOf {
  tenant: string;
  runId: string;
  framing: Framing;
  links: Links;
  deltas: boolean;
}

async function write(
  { tokens, settings, draining }: AppDeps,
  reading: RunReading,
  out: StreamingApi,
  { tenant, runId, framing, links, deltas }: StreamOf,
): Promise<void> {
  const heartbeat = { text: framing.notice({ type: 'heartbeat' }), everyMs: settings.heartbeatMs };
  const outbox = new Outbox(out, heartbeat, settings.stalledMs);
  // What is said before the snapshot is written waits for it: the snapshot is what it is to be added to.
  let early: string[] | undefined = [];
  let earlyChars = 0;
  let tooSlow = () => undefined as void;
  const slow = new Promise<void>((resolve) => (tooSlow = resolve));
  const unsubscribe = deltas
    ? tokens.subscribe(tenant, runId, (message) => {
        const text = framing.live(message);
        if (early) {
          // While there is no snapshot, because no worker answers, what comes is bounded too.
          earlyChars += text.length;
          if (earlyChars > MAX_WAITING_CHARS) tooSlow();
          else early.push(text);
        } else if (!outbox.offer(text)) tooSlow();
      })
    : () => undefined;
  try {
    const hello = framing.comeAgain(COME_AGAIN_MS);
    if (hello !== '') await outbox.send(hello);
    const all = writeItems(reading, async (item) => {
      await outbox.send(textOf(item, framing, links));
      for (const text of early ?? []) outbox.offer(text);
      early = undefined;
    });
    await Promise.race([all, slow.then(() => outbox.send(framing.notice(TOO_SLOW)))]);
    if (draining.aborted) await outbox.send(framing.comeAgain(COME_ELSEWHERE_MS));
  } finally {
    unsubscribe();
    outbox.end();
  }
}

const TOO_SLOW = {
  type: 'dropped',
  reason: 'slow',
  message: 'Live text came faster than it was read: read on from the last event that came',
} as const;

async function writeItems({ items }: RunReading, send: (item: WatchItem) => Promise<void>): Promise<void> {
  for await (const item of items) await send(item);
}

function textOf(item: WatchItem, framing: Framing, links: Links): string {
  switch (item.type) {
    case 'event':
      return framing.event(item.event);
    case 'snapshot':
      return framing.notice({ type: 'snapshot', run: runResource(item.run.view, item.run, links) });
    default:
      return framing.notice(item);
  }
}

/** The `seq` of the last event that a client has. @throws Problem where this is no id of this run's events */
function seqOf(cursor: string, runId: string): number {
  const [, of = runId, seq] = CURSOR.exec(cursor) ?? [];
  if (seq !== undefined && of === runId) return Number(seq);
  throw new Problem('invalid_request', 'Last-Event-ID is no id of an event of this run', {
    errors: [{ path: 'Last-Event-ID', message: `Expected ${runId}:<seq> or <seq>` }],
  });
}

function wantsLines(context: Context<AppEnv>): boolean {
  return /\bapplication\/(x-)?ndjson\b/i.test(context.req.header('accept') ?? '');
}

/** Not kept by caches, and not held back by proxies. */
function headersOf({ contentType }: Framing): Record<string, string> {
  return { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
}
