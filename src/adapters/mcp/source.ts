import { ToolCallError } from '../../contract/tool-error.js';
import { suggestion } from '../../crew/issues.js';
import type { DescribedTool, Logger, ToolCallOptions, ToolOutcome } from '../../ports.js';
import type { ToolSource } from '../tools/source.js';
import type { McpServer } from './config.js';
import type { McpConnection } from './connection.js';
import { isPermitted, withoutSecrets } from './policy.js';
import { outcomeOf } from './result.js';
import { ServerLink } from './server-link.js';

/** What the source is made of. */
export interface McpSourceOptions {
  servers: readonly McpServer[];
  logger: Logger;
  /** What servers are told of us. */
  clientVersion: string;
}

/** A server with the connection to it. */
interface Linked {
  server: McpServer;
  link: ServerLink;
}

/** Definitions say this in place of a tool for all tools of a server. */
const ALL = '*';

/** The tools of the MCP servers that the operator configured, as `server/tool`. Nothing is started before its first use. */
export function createMcpSource({ servers, logger, clientVersion }: McpSourceOptions): ToolSource {
  const linked = new Map<string, Linked>(
    servers.map((server) => [server.name, { server, link: new ServerLink(server, { logger, clientVersion }) }]),
  );
  const find = (name: string): Linked & { tool: string } => {
    const { server, tool } = splitName(name);
    const found = linked.get(server);
    if (!found) throw notFound(`There is no MCP server '${server}'`, server, [...linked.keys()]);
    return { ...found, tool };
  };
  return {
    names: () => ({ tools: [], servers: [...linked.keys()] }),
    owns: (name) => name.includes('/') && linked.has(splitName(name).server),
    async describe(names, signal) {
      const asked = byServer(names.map(find)).map(({ server, link, tools }) =>
        link.use(signal, (connection) => describeTools(server, connection, tools)),
      );
      return (await allOf(asked)).flat();
    },
    async call(name, args, options) {
      const { server, link, tool } = find(name);
      if (!isPermitted(server, tool)) throw new ToolCallError('refused', notPermitted(name));
      return callTool(server, link, tool, args, options);
    },
    async close() {
      await Promise.all([...linked.values()].map(({ link }) => link.close()));
    },
  };
}

async function callTool(
  server: McpServer,
  link: ServerLink,
  tool: string,
  args: Record<string, unknown>,
  { signal, timeoutMs, idempotencyKey }: ToolCallOptions,
): Promise<ToolOutcome> {
  // One bound for connecting, looking up and calling; what a tool tells of its progress does not move it.
  const late = new ToolCallError('timed_out', `${server.name}/${tool} did not answer within ${timeoutMs} ms`);
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  const timer = setTimeout(() => stop.abort(late), timeoutMs);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    const result = await link.use(stop.signal, async (connection) => {
      await findTool(server, connection, tool);
      return connection.call(tool, args, idempotencyKey, stop.signal);
    });
    const { content, ...rest } = outcomeOf(result);
    return { content: withoutSecrets(server, content), ...rest };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function describeTools(server: McpServer, connection: McpConnection, names: string[]): Promise<DescribedTool[]> {
  const tools: DescribedTool[] = [];
  for (const name of names) {
    if (name === ALL) tools.push(...(await connection.tools()).values());
    else tools.push(await findTool(server, connection, name));
  }
  return tools;
}

/** The tool, from a list that may be read anew: not all servers tell that they have more tools now. */
async function findTool(server: McpServer, connection: McpConnection, tool: string): Promise<DescribedTool> {
  const name = `${server.name}/${tool}`;
  if (!isPermitted(server, tool)) throw new ToolCallError('not_found', notPermitted(name));
  const known = (await connection.tools()).get(tool);
  if (known) return known;
  connection.forgetTools();
  const now = await connection.tools();
  const found = now.get(tool);
  if (found) return found;
  throw notFound(`The MCP server '${server.name}' has no tool '${tool}'`, tool, [...now.keys()]);
}

function splitName(name: string): { server: string; tool: string } {
  const slash = name.indexOf('/');
  return slash < 0 ? { server: name, tool: '' } : { server: name.slice(0, slash), tool: name.slice(slash + 1) };
}

function notFound(message: string, name: string, known: readonly string[]): ToolCallError {
  return new ToolCallError('not_found', `${message}.${suggestion(name, known)}`);
}

function notPermitted(name: string): string {
  return `The tool '${name}' may not be used here (allow and deny in the operator's configuration)`;
}

/** One entry a server, with all that is asked of it. */
function byServer(wanted: readonly (Linked & { tool: string })[]): (Linked & { tools: string[] })[] {
  const groups = new Map<McpServer, Linked & { tools: string[] }>();
  for (const { server, link, tool } of wanted) {
    const group = groups.get(server) ?? { server, link, tools: [] };
    group.tools.push(tool);
    groups.set(server, group);
  }
  return [...groups.values()];
}

/** Waits for all, then fails with the first that failed. */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
