import type { Tool } from '../../authoring/define.js';
import { jsonSchemaOf } from '../../authoring/problems.js';
import { runTool } from '../../authoring/run-tool.js';
import { ToolCallError } from '../../contract/tool-error.js';
import { suggestion } from '../../crew/issues.js';
import type { DescribedTool } from '../../ports.js';
import type { ToolSource } from './source.js';

/** The tools that `defineTool` made, built in or authors' own, as a source. */
export function definedTools(tools: Iterable<Tool>): ToolSource {
  const byName = new Map([...tools].map((tool) => [tool.name, { tool, described: describe(tool) }]));
  const known = [...byName.keys()];
  const find = (name: string) => {
    const found = byName.get(name);
    if (!found) throw new ToolCallError('not_found', `There is no tool '${name}'.${suggestion(name, known)}`);
    return found;
  };
  return {
    checksArguments: true,
    names: () => ({ tools: known, servers: [] }),
    owns: (name) => byName.has(name),
    describe: (names) => Promise.resolve(names.map((name) => find(name).described)),
    call: async (name, args, options) => ({ content: await runTool(find(name).tool, args, options) }),
  };
}

function describe(tool: Tool): DescribedTool {
  const { name, description, input, timeoutMs, idempotent, cache, resultAsAnswer, needsApproval } = tool;
  return {
    name,
    description,
    parameters: jsonSchemaOf(input),
    timeoutMs,
    idempotent,
    cacheable: cache,
    resultAsAnswer,
    ...(needsApproval && { needsApproval: true as const }),
  };
}
