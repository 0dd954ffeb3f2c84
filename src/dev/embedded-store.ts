import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { clearStaleLock } from './stale-lock.js';

/**
 * The embedded store of `npm start` and of tests: Postgres in WebAssembly, in a process of its own that worker and gateway
 * share over Postgres' own protocol. One statement at a time; not for production.
 */
const USAGE = 'Usage: node --import tsx src/dev/embedded-store.ts [--data FOLDER] [--port N]   (no folder: in memory)';

/** Connections at the same time, over all processes; further ones are refused. */
const MAX_CONNECTIONS = 64;

try {
  const { data, port } = readArguments();
  if (data !== undefined) {
    mkdirSync(data, { recursive: true });
    clearStaleLock(data);
  }
  const db = await PGlite.create(data === undefined ? {} : { dataDir: data });
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port, maxConnections: MAX_CONNECTIONS });
  let listening = port;
  server.addEventListener('listening', (event) => {
    listening = (event as CustomEvent<{ port: number }>).detail.port;
  });
  await server.start();
  let closing = false;
  const shutDown = () => {
    if (closing) return;
    closing = true;
    void server
      .stop()
      .then(() => db.close())
      .finally(() => process.exit(0));
  };
  process.once('SIGTERM', shutDown).once('SIGINT', shutDown).once('disconnect', shutDown);
  process.stdout.write(`Embedded store: postgres://postgres@127.0.0.1:${listening}/postgres\n`);
  process.send?.({ type: 'ready', port: listening });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** @throws Error with the usage */
function readArguments(): { data: string | undefined; port: number } {
  const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string' } } });
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`Expected a port, 0 for any.\n${USAGE}`);
  return { data: values.data, port };
}
