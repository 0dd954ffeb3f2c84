import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { z } from 'zod';
import { completionRequestSchema, errorBody } from './openai.js';
import { createPlayer, type Player, type RecordedCall } from './player.js';
import { respond } from './respond.js';
import { parseScript, type ScriptInput } from './script.js';

/** A scripted model that is serving. */
export interface ScriptedModel {
  /** Base URL for an OpenAI client; ends with `/v1`. */
  url: string;
  port: number;
  /** Every call so far, in order of arrival. */
  calls(): RecordedCall[];
  /** Answers that were not used yet; one that repeats counts until its first use. */
  remaining(): number;
  /** Stops serving and drops open connections. */
  close(): Promise<void>;
}

/**
 * An OpenAI-compatible endpoint on loopback that answers from a script: for tests, and for trying a crew without a model.
 * @param options.port TCP port; 0 or absent: any free one
 * @throws ScriptError for a script that cannot be played; Node's error when the port is in use
 */
export async function startScriptedModel(options: { script: ScriptInput; port?: number }): Promise<ScriptedModel> {
  const player = createPlayer(parseScript(options.script));
  const answer = getRequestListener(createApp(player).fetch);
  const server = createServer((request, response) => void answer(request, response));
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    calls: () => player.calls(),
    remaining: () => player.remaining(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createApp(player: Player): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.post('/v1/chat/completions', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    if (body === undefined) return c.json(errorBody(400, 'Expected a JSON body'), 400);
    const request = completionRequestSchema.safeParse(body);
    if (!request.success) return c.json(errorBody(400, z.prettifyError(request.error)), 400);
    const { call, answer } = player.take(
      request.data,
      c.req.header('x-client-request-id') ?? null,
      c.req.header('traceparent'),
    );
    await respond(c.env.outgoing, request.data, call, answer);
    return RESPONSE_ALREADY_SENT;
  });
  app.get('/v1/models', (c) =>
    c.json({ object: 'list', data: [{ id: 'scripted-model', object: 'model', created: 0, owned_by: 'script' }] }),
  );
  app.get('/calls', (c) => c.json(player.calls()));
  app.post('/reset', (c) => {
    player.reset();
    return c.body(null, 204);
  });
  app.notFound((c) => c.json(errorBody(404, `No route ${c.req.method} ${c.req.path}`), 404));
  app.onError((_error, c) => c.json(errorBody(500, 'The scripted model failed'), 500));
  return app;
}
