import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { isToolCallError, ToolCallError } from '../../contract/tool-error.js';

/** Longest that is said of what a server said, in characters. */
const MAX_SAID_CHARS = 2_000;

/** What is known of a server at the time of an error. */
export interface ErrorScene {
  server: string;
  /** True: its process or connection is gone. */
  isClosed: boolean;
  /** Of a process: how it ended. */
  exit: string | undefined;
}

/** Puts an error of the SDK, of `fetch` or of a process into the port's words. */
export function mcpToolError(error: unknown, scene: ErrorScene): ToolCallError {
  if (isToolCallError(error)) return error;
  const server = `The MCP server '${scene.server}'`;
  if (error instanceof StreamableHTTPError) return httpError(error, server);
  if (scene.isClosed) {
    return new ToolCallError('unavailable', `${server} ${scene.exit ?? 'closed the connection'}`, { cause: error });
  }
  if (error instanceof McpError) return protocolError(error, server);
  if (isZodError(error)) return new ToolCallError('failed', `${server} gave what is no result of a tool`);
  return new ToolCallError('unavailable', `${server} cannot be reached${codeOf(error)}`, { cause: error });
}

/**
 * True: the server did nothing of what was asked, as it never got to see it, and another connection may do. The process had
 * ended already, or the session that the request named is not known (any more).
 */
export function wasNotTaken(error: unknown): boolean {
  if (!(error instanceof StreamableHTTPError)) return isBrokenPipe(error);
  // The protocol says 404; servers made after an early example of the SDK say 400.
  return error.code === 404 || (error.code === 400 && /session/i.test(error.message));
}

/** True: the other side has closed the connection, or its process has ended. */
export function isGone(error: unknown): boolean {
  return isBrokenPipe(error) || (error instanceof McpError && (error.code as ErrorCode) === ErrorCode.ConnectionClosed);
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE';
}

function protocolError(error: McpError, server: string): ToolCallError {
  // The SDK puts the code before what the server said.
  const said = error.message.replace(/^MCP error -?\d+: /, '').slice(0, MAX_SAID_CHARS);
  switch (error.code as ErrorCode) {
    case ErrorCode.InvalidParams:
      return new ToolCallError('invalid_arguments', said, { cause: error });
    case ErrorCode.MethodNotFound:
      return new ToolCallError('not_found', `${server} cannot do this: ${said}`, { cause: error });
    default:
      return new ToolCallError('failed', said || `${server} failed without saying why`, { cause: error });
  }
}

/** By status. What the body says is left out: it may be a page, and it is for the operator. */
function httpError(error: StreamableHTTPError, server: string): ToolCallError {
  const { code = 0 } = error;
  const because = { cause: error };
  if (code === 401 || code === 403) {
    const hint = 'check the headers that are configured for it, and the variables that they are taken from';
    return new ToolCallError('refused', `${server} refused us with status ${code}: ${hint}`, because);
  }
  if (code === 413) return new ToolCallError('invalid_arguments', `${server} takes no arguments this long`, because);
  const is = code > 0 ? `answered with status ${code}` : 'gave an answer that is not of the protocol';
  const hint = code >= 500 || code === 429 || code === 408 ? '' : '; is its url right?';
  return new ToolCallError('unavailable', `${server} ${is}${hint}`, because);
}

function isZodError(error: unknown): boolean {
  return error instanceof Error && 'issues' in error && Array.isArray(error.issues);
}

/** ` (ECONNREFUSED)`: the code of the innermost cause that has one. */
function codeOf(error: unknown): string {
  let found = '';
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') found = ` (${code})`;
  }
  return found;
}
