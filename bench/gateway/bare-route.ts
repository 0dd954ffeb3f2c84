import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/** One Hono route that answers with the bytes that it was told, and nothing else: what reads of the gateway are compared with. */
process.once('message', (bodies: Record<string, string>) => {
  const app = new Hono();
  for (const [path, body] of Object.entries(bodies))
    app.get(path, (c) => c.body(body, 200, { 'content-type': 'application/json' }));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send?.({ port }));
  process.once('disconnect', () => server.close());
});
