import { isToolCallError, ToolCallError } from '../../contract/tool-error.js';
import type { McpServer } from './config.js';
import { McpConnection, type ConnectionDeps } from './connection.js';
import { wasNotTaken } from './errors.js';

/**
 * The one connection of this worker to a server: made at the first use, shared by all calls, made anew when it has closed.
 * It does not wait between attempts: those that fail are Temporal's to make again.
 */
export class ServerLink {
  readonly #server: McpServer;
  readonly #deps: ConnectionDeps;
  readonly #stop = new AbortController();
  readonly #ending = new Set<Promise<void>>();
  #current: Promise<McpConnection> | undefined;
  /** What `#current` gave. */
  #connected: McpConnection | undefined;

  constructor(server: McpServer, deps: ConnectionDeps) {
    this.#server = server;
    this.#deps = deps;
  }

  /**
   * Does something with the connection. What a server never got to see is done once more, on a new connection.
   * @throws ToolCallError, and the signal's reason where it fired
   */
  async use<T>(signal: AbortSignal, work: (connection: McpConnection) => Promise<T>): Promise<T> {
    const connection = await unlessAborted(this.#connection(), signal);
    try {
      return await unlessAborted(work(connection), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isToolCallError(error) || !wasNotTaken(error)) throw connection.toolError(error);
      this.#drop(connection);
    }
    const another = await unlessAborted(this.#connection(), signal);
    try {
      return await unlessAborted(work(another), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw another.toolError(error);
    }
  }

  /** Closes what is open and waits for it; what is under way fails, and nothing more is opened. */
  async close(): Promise<void> {
    this.#stop.abort();
    const connection = await this.#current?.catch(() => undefined);
    if (connection) this.#drop(connection);
    await Promise.all(this.#ending);
  }

  #connection(): Promise<McpConnection> {
    if (this.#stop.signal.aborted) {
      const message = `The MCP server '${this.#server.name}' is not called any more: this worker is going down`;
      return Promise.reject(new ToolCallError('unavailable', message));
    }
    this.#current ??= this.#open();
    return this.#current;
  }

  #open(): Promise<McpConnection> {
    const forget = () => {
      if (this.#current === opening) this.#current = undefined;
    };
    const opening = McpConnection.open(this.#server, this.#deps, this.#stop.signal, forget);
    opening.then((connection) => (this.#connected = connection), forget);
    return opening;
  }

  #drop(connection: McpConnection): void {
    const ending = connection.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    // Another call may have made a new one already.
    if (this.#connected !== connection) return;
    this.#connected = undefined;
    this.#current = undefined;
  }
}

/** Stops waiting when the signal fires; the work goes on for whoever else waits for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
