import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  CallToolResultSchema,
  ToolListChangedNotificationSchema,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js';
import { isToolCallError, ToolCallError } from '../../contract/tool-error.js';
import type { DescribedTool, Logger } from '../../ports.js';
import { AnswerWatch } from './answer-watch.js';
import type { McpServer } from './config.js';
import { isGone, mcpToolError } from './errors.js';
import { withoutSecrets } from './policy.js';
import { readTools } from './tool-list.js';
import { wireOf, type Wire } from './wire.js';

/** How long a list of tools is believed, of servers that do not tell of changes. */
const LIST_MAX_AGE_MS = 5 * 60_000;
/** The SDK's own bound of a request, which is not wanted: the signal says when it is too late. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
/** Where servers find the key that is the same for each attempt of a call. */
const IDEMPOTENCY_KEY = 'agent-orchestration-service/idempotencyKey';

/** What connections are made with. */
export interface ConnectionDeps {
  logger: Logger;
  /** What servers are told of us. */
  clientVersion: string;
}

/** One initialised connection to a server. When it has closed it is of no more use. */
export class McpConnection {
  readonly #server: McpServer;
  readonly #logger: Logger;
  readonly #client: Client;
  readonly #wire: Wire;
  #isClosed = false;
  #ending: Promise<void> | undefined;
  #tools: { list: Promise<Map<string, DescribedTool>>; readAt: number } | undefined;

  private constructor(server: McpServer, { logger, clientVersion }: ConnectionDeps, onClosed: () => void) {
    this.#server = server;
    this.#logger = logger;
    const log = (line: string) => logger.info({ server: server.name, line: this.#clean(line) }, 'MCP server wrote');
    this.#wire = wireOf(server, log);
    this.#client = new Client({ name: 'agent-orchestration-service', version: clientVersion }, { capabilities: {} });
    this.#client.onerror = (error) => {
      const fields = { server: server.name, error: this.#clean(error.message).slice(0, 500) };
      logger.debug(fields, 'MCP connection reported an error');
    };
    this.#client.onclose = () => {
      this.#isClosed = true;
      if (!this.#ending) logger.warn({ server: server.name, exit: this.#wire.exit() }, 'MCP server is gone');
      onClosed();
    };
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      this.#tools = undefined;
    });
  }

  /**
   * Starts or reaches the server and initialises the connection. `onClosed` is called when it has closed, for whatever reason.
   * @throws ToolCallError
   */
  static async open(
    server: McpServer,
    deps: ConnectionDeps,
    signal: AbortSignal,
    onClosed: () => void,
  ): Promise<McpConnection> {
    const connection = new McpConnection(server, deps, onClosed);
    await connection.#connect(signal);
    return connection;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The tools that may be used, by the server's own names; kept until the server says that they changed. */
  tools(): Promise<Map<string, DescribedTool>> {
    if (this.#tools && performance.now() - this.#tools.readAt < LIST_MAX_AGE_MS) return this.#tools.list;
    const list = readTools(this.#client, this.#server, this.#logger, this.#server.connectTimeoutMs);
    const reading = { list, readAt: performance.now() };
    this.#tools = reading;
    list.catch(() => {
      if (this.#tools === reading) this.#tools = undefined;
    });
    return list;
  }

  /** The list is read anew at the next use. */
  forgetTools(): void {
    this.#tools = undefined;
  }

  /** Calls a tool. Rejects with whatever the SDK does, where the signal fired with anything. */
  async call(
    name: string,
    args: Record<string, unknown>,
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<CallToolResult> {
    const watch = new AnswerWatch();
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal.reason);
    const onLost = () => {
      const { reason } = watch.lost as { reason: unknown };
      const gone = `The MCP server '${this.#server.name}' went away before it answered`;
      stop.abort(isToolCallError(reason) ? reason : new ToolCallError('unavailable', gone));
    };
    signal.addEventListener('abort', onAbort);
    watch.lost.addEventListener('abort', onLost);
    try {
      signal.throwIfAborted();
      const params = { name, arguments: args, _meta: { [IDEMPOTENCY_KEY]: idempotencyKey } };
      // Not `client.callTool`: it takes a result that does not fit the server's own schema for wrong arguments.
      return await watch.run(() =>
        this.#client.request({ method: 'tools/call', params }, CallToolResultSchema, {
          // A signal of this request alone: the SDK listens to it for ever, and would cancel what has long been answered.
          signal: stop.signal,
          timeout: NO_TIMEOUT_MS,
          onresumptiontoken: watch.resumable,
        }),
      );
    } catch (error) {
      throw watch.lost.aborted ? stop.signal.reason : error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      watch.lost.removeEventListener('abort', onLost);
    }
  }

  /** An error of this connection in the port's words. */
  toolError(error: unknown, isClosed = this.#isClosed): ToolCallError {
    const scene = { server: this.#server.name, isClosed, exit: this.#wire.exit() };
    const { reason, message } = mcpToolError(error, scene);
    return new ToolCallError(reason, this.#clean(message), { cause: error });
  }

  /** Ends the session and, where the server is a process of ours, that. */
  close(): Promise<void> {
    this.#ending ??= this.#wire.end().catch((error: unknown) => {
      this.#logger.warn({ server: this.#server.name, err: error }, 'MCP connection was not closed well');
    });
    return this.#ending;
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { name, connectTimeoutMs } = this.#server;
    const startedAt = performance.now();
    try {
      await this.#initialised(signal, connectTimeoutMs);
    } catch (error) {
      // When it is closed it is known how a process ended. (The SDK closes too, so that alone says nothing.)
      await this.close();
      const failure = this.toolError(error, isGone(error));
      this.#logger.warn(
        { server: name, why: failure.message, err: this.#causeOf(error) },
        'MCP server could not be connected',
      );
      throw failure;
    }
    const { name: software, version } = this.#client.getServerVersion() ?? {};
    const facts = {
      server: name,
      ...this.#wire.facts(),
      software,
      version,
      ms: Math.round(performance.now() - startedAt),
    };
    this.#logger.info(facts, 'MCP server connected');
  }

  /** Bounded as a whole: not all steps of the SDK's `connect` are. */
  async #initialised(signal: AbortSignal, timeoutMs: number): Promise<void> {
    const name = this.#server.name;
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      const late = `The MCP server '${name}' was not ready within ${timeoutMs} ms (connect_timeout_seconds)`;
      timer = setTimeout(() => reject(new ToolCallError('unavailable', late)), timeoutMs);
      onAbort = () =>
        reject(new ToolCallError('unavailable', `The connection to the MCP server '${name}' is being closed`));
      signal.addEventListener('abort', onAbort);
    });
    const connecting = this.#client.connect(this.#wire.transport, { timeout: NO_TIMEOUT_MS });
    try {
      await Promise.race([connecting, stopped]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      connecting.catch(() => undefined);
    }
  }

  #causeOf(error: unknown): unknown {
    return error instanceof Error ? this.#clean(`${error.name}: ${error.message}`).slice(0, 1_000) : undefined;
  }

  #clean(text: string): string {
    return withoutSecrets(this.#server, text);
  }
}
