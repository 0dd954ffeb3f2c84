import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { BatchReader } from './pg-batches.js';

/** A PGlite that is being served. */
export interface PgliteServer {
  port: number;
  stop(): Promise<void>;
}

/** Where to listen, and whom to tell that the database itself has failed: nothing can be done with it then. */
export interface ServeOptions {
  /** On 127.0.0.1; 0 for any. */
  port: number;
  onFailure: (error: unknown) => void;
}

/** A client that holds the session in a transaction and says nothing for so long is dropped. */
const HOLD_TIMEOUT_MS = 10_000;

/**
 * Serves a PGlite to several clients by the Postgres protocol. It is one session for all of them, taken in turns: what a client
 * sends up to its `Sync` runs in one go, and a transaction to its end. (`@electric-sql/pglite-socket` takes turns by message: there
 * the values of one client meet the statement of another, electric-sql/pglite#1046.)
 */
export async function servePglite(db: PGlite, { port, onFailure }: ServeOptions): Promise<PgliteServer> {
  const session = new Session(db, onFailure);
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => {
      clients.delete(client);
      session.leave(client);
    });
    attend(client, session);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const client of clients) client.destroy();
    });
  return { port: (server.address() as AddressInfo).port, stop };
}

function attend(client: Socket, session: Session): void {
  const reader = new BatchReader();
  client.on('data', (chunk: Buffer) => {
    try {
      for (const request of reader.push(chunk)) {
        if (request.kind === 'encryption') client.write('N');
        else if (request.kind === 'end') client.end();
        else session.run(client, request);
      }
    } catch {
      // It does not speak the protocol.
      client.destroy();
    }
  });
}

interface Batch {
  bytes: Uint8Array;
  open: boolean;
}

/** The one session, which runs batches in the order of their arrival but for those of a client that holds it. */
class Session {
  readonly #db: PGlite;
  readonly #onFailure: (error: unknown) => void;
  readonly #waiting: (Batch & { client: Socket })[] = [];
  #holder: Socket | undefined;
  #holdTimer: NodeJS.Timeout | undefined;

  constructor(db: PGlite, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#onFailure = onFailure;
  }

  run(client: Socket, batch: Batch): void {
    this.#waiting.push({ ...batch, client });
    this.#goOn();
  }

  /** What the client did not end is undone. */
  leave(client: Socket): void {
    const others = this.#waiting.filter((batch) => batch.client !== client);
    this.#waiting.splice(0, Infinity, ...others);
    if (this.#holder !== client) return;
    this.#execute(SYNC);
    if (this.#db.isInTransaction()) this.#execute(ROLLBACK);
    this.#hold(undefined);
    this.#goOn();
  }

  #goOn(): void {
    for (;;) {
      const at = this.#holder === undefined ? 0 : this.#waiting.findIndex(({ client }) => client === this.#holder);
      const [batch] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (!batch) return;
      const { client, bytes, open } = batch;
      const answer = this.#execute(bytes);
      this.#hold(open || this.#db.isInTransaction() ? client : undefined);
      if (client.writable) client.write(answer);
    }
  }

  /** Synchronous: nothing can come between. */
  #execute(bytes: Uint8Array): Uint8Array {
    try {
      return this.#db.execProtocolRawSync(bytes);
    } catch (error) {
      this.#onFailure(error);
      throw error;
    }
  }

  #hold(client: Socket | undefined): void {
    this.#holder = client;
    clearTimeout(this.#holdTimer);
    if (client) this.#holdTimer = setTimeout(() => client.destroy(), HOLD_TIMEOUT_MS);
  }
}

const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
const ROLLBACK = Buffer.from('Q\0\0\0\rROLLBACK\0', 'latin1');
