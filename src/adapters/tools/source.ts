import type { DescribedTool, ToolCallOptions, ToolOutcome } from '../../ports.js';

/**
 * Where tools come from: those built in, the operator's extensions, MCP servers. Names of two sources never overlap:
 * tools of a server are `server/tool`, all others have no slash.
 */
export interface ToolSource {
  /** What definitions may name. Known without asking anybody: a server's own tools are not listed here. */
  names(): { tools: string[]; servers: string[] };
  /** Whether a call of this name, or a pattern `server/*`, is this source's to answer. */
  owns(name: string): boolean;
  /**
   * The tools of these names, all owned by this source; `server/*` gives all of a server's.
   * @throws ToolCallError `not_found`; `unavailable` where a server does not answer
   */
  describe(names: readonly string[], signal: AbortSignal): Promise<DescribedTool[]>;
  /**
   * Calls a tool that this source owns. `createToolRunner` bounds the time and the size of what comes back.
   * @throws ToolCallError, and the signal's reason where it was aborted
   */
  call(name: string, args: Record<string, unknown>, options: ToolCallOptions): Promise<ToolOutcome>;
  /** True: `call` checks the arguments itself. Else `createToolRunner` checks them by the JSON Schema of `describe`. */
  checksArguments?: boolean;
  /** Lets go of what is open: connections, processes. */
  close?(): Promise<void>;
}
