import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { chat, type ChatDeps } from './chat.js';
import { ApiError, internalError, invalidRequest, shuttingDown } from './errors.js';

export interface AppDeps extends ChatDeps {
  /** What the model is, for people. */
  description: string;
}

/** Far more than any context holds: 4,096 tokens are about 16 KB. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The HTTP API: OpenAI's chat completions and models, health, and counts. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  const model = {
    id: deps.modelId,
    object: 'model',
    created: Math.floor(Date.now() / 1000),
    owned_by: 'local-demo',
    description: deps.description,
  };

  app.use(async (c, next) => {
    await next();
    c.header('x-request-id', randomUUID());
    c.header('x-demo-model', deps.modelId);
  });
  app.use(loopbackOnly);

  app.get('/health', (c) => c.json({ status: 'ok', model: deps.modelId, description: deps.description }));
  app.get('/stats', (c) => c.json(deps.stats.view()));
  app.get('/v1/models', (c) => c.json({ object: 'list', data: [model] }));
  app.get('/v1/models/:id', (c) => {
    if (c.req.param('id') === model.id) return c.json(model);
    throw invalidRequest(`There is no such model here, only ${model.id}.`, { code: 'model_not_found' }, 404);
  });
  app.post('/v1/chat/completions', jsonOnly, sizeLimit, (c) => chat(c, deps));
  app.all('/v1/chat/completions', () => {
    throw invalidRequest('Use POST.', { headers: { Allow: 'POST' } }, 405);
  });

  app.notFound((c) => {
    throw invalidRequest(`There is no ${c.req.method} ${c.req.path} here.`, { code: 'unknown_url' }, 404);
  });
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(error.body(), error.status, error.headers);
    if (!c.req.raw.signal.aborted && !deps.shutdown.aborted) deps.logError(error);
    const answer = deps.shutdown.aborted ? shuttingDown() : internalError();
    return c.json(answer.body(), answer.status);
  });
  return app;
}

/** A web page can make a name of its own lead to 127.0.0.1; the Host header still tells that name. */
const loopbackOnly = createMiddleware(async (c, next) => {
  const name = (c.req.header('host') ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!['localhost', '127.0.0.1', '[::1]'].includes(name)) {
    throw invalidRequest('The demo model answers to localhost only.', { code: 'host_not_allowed' }, 403);
  }
  await next();
});

/** A web page cannot send this content type to another origin without asking first. */
const jsonOnly = createMiddleware(async (c, next) => {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw invalidRequest('Send Content-Type: application/json.', {}, 415);
  await next();
});

const sizeLimit = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: async (c) => {
    await discardBody(c.req.raw.body);
    throw invalidRequest(`The body is over ${MAX_BODY_BYTES / 1024} KB.`, {}, 413);
  },
});

/** A client that is still sending does not hear an answer. So the rest is read, within reason. */
async function discardBody(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (!body || body.locked) return;
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > 64 * MAX_BODY_BYTES) return;
  }
}
