import { parseArgs } from 'node:util';
import { openDatabase } from './embedded-database.js';
import { servePglite } from './pglite-server.js';

/**
 * The embedded store of `npm start` and of tests: Postgres in WebAssembly, in a process of its own that worker and gateway
 * share over Postgres' own protocol. One session for all, and no fsync: what it has acknowledged outlives its process, not
 * a power cut. Not for production.
 */
const USAGE = 'Usage: node --import tsx src/dev/embedded-store.ts [--data FOLDER] [--port N]   (no folder: in memory)';

try {
  const { data, port } = readArguments();
  const db = await openDatabase(data);
  const server = await servePglite(db, { port, onFailure: (error) => fail(error) });
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
  if (process.connected === false) shutDown();
  process.stdout.write(`Embedded store: postgres://postgres@127.0.0.1:${server.port}/postgres\n`);
  process.send?.({ type: 'ready', port: server.port });
} catch (error) {
  fail(error);
}

/** The supervisor starts another one, which goes on with what is on the disk. */
function fail(error: unknown): never {
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
