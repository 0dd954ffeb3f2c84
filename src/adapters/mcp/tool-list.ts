import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { DescribedTool, Logger } from '../../ports.js';
import type { McpServer } from './config.js';
import { isPermitted, says, withoutSecrets } from './policy.js';

/** Bounds of what a server may tell of itself: it all goes into prompts. */
const MAX_PAGES = 100;
const MAX_TOOLS = 1_000;
const MAX_DESCRIPTION_CHARS = 4_000;
const MAX_SCHEMA_CHARS = 50_000;
const TOOL_NAME = /^[^\s*\p{Cc}]{1,128}$/u;

/** One page; its tools are looked at one by one, so that a broken one does not take the others with it. */
const pageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

/**
 * The tools of a server that may be used and can be, by the server's own names. Those left out are logged.
 * @throws what `Client.request` throws
 */
export async function readTools(
  client: Client,
  server: McpServer,
  logger: Logger,
  timeoutMs: number,
): Promise<Map<string, DescribedTool>> {
  if (!client.getServerCapabilities()?.tools) return new Map();
  const tools = new Map<string, DescribedTool>();
  for (const raw of await readPages(client, timeoutMs)) {
    const parsed = ToolSchema.safeParse(raw);
    const name = parsed.success ? parsed.data.name : nameOf(raw);
    if (!isPermitted(server, name)) continue;
    const problem = parsed.success ? problemOf(parsed.data) : 'its description or its schema is broken';
    if (!parsed.success || problem !== undefined || tools.has(name) || tools.size === MAX_TOOLS) {
      const why = problem ?? (tools.has(name) ? 'there is another of this name' : `there are more than ${MAX_TOOLS}`);
      logger.warn({ server: server.name, tool: name.slice(0, 200), why }, 'a tool of an MCP server is left out');
    } else {
      tools.set(name, describedTool(parsed.data, server));
    }
  }
  return tools;
}

async function readPages(client: Client, timeout: number): Promise<unknown[]> {
  const tools: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = { method: 'tools/list' as const, params: cursor === undefined ? {} : { cursor } };
    const answer = await client.request(request, pageSchema, { timeout });
    tools.push(...answer.tools);
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

function problemOf({ name, inputSchema, execution }: Tool): string | undefined {
  if (!TOOL_NAME.test(name)) return 'its name has blanks, a * or more than 128 characters';
  if (JSON.stringify(inputSchema).length > MAX_SCHEMA_CHARS) {
    return `its schema has more than ${MAX_SCHEMA_CHARS} characters`;
  }
  return execution?.taskSupport === 'required' ? 'it can only be called as a task of the protocol' : undefined;
}

function nameOf(raw: unknown): string {
  const name = typeof raw === 'object' && raw !== null && 'name' in raw ? raw.name : undefined;
  return typeof name === 'string' ? name : '(no name)';
}

/** The operator configured the server, so what it says of its tools is believed; what the operator says counts more. */
function describedTool({ name, description, title, inputSchema, annotations }: Tool, server: McpServer): DescribedTool {
  const harmless = annotations?.readOnlyHint === true || annotations?.idempotentHint === true;
  const text = withoutSecrets(server, description ?? title ?? annotations?.title ?? '');
  return {
    name: `${server.name}/${name}`,
    description: text.length <= MAX_DESCRIPTION_CHARS ? text : `${text.slice(0, MAX_DESCRIPTION_CHARS - 1)}…`,
    parameters: inputSchema,
    timeoutMs: server.timeoutMs,
    idempotent: server.idempotent === undefined ? harmless : says(server.idempotent, name),
    cacheable: says(server.cacheable, name),
    resultAsAnswer: false,
  };
}
