import { inTime } from '../../authoring/run-tool.js';
import { MAX_RESULT_CHARS } from '../../authoring/result.js';
import { isToolCallError, ToolCallError } from '../../contract/tool-error.js';
import { suggestion } from '../../crew/issues.js';
import type { DescribedTool, ToolOutcome, ToolRunner } from '../../ports.js';
import { fillArguments } from '../secrets/arguments.js';
import { noSecrets, type Secrets } from '../secrets/secrets.js';
import { argumentsCheck, type ArgumentsCheck } from './json-arguments.js';
import type { ToolSource } from './source.js';

/** A ToolRunner that lets go of its sources' connections. */
export interface ClosableToolRunner extends ToolRunner {
  close(): Promise<void>;
}

/**
 * One runner of the tools of several sources. What it does for all of them alike: unknown names, the check of arguments, the
 * bound of time (also for a tool that does not listen to its signal), references to secrets and what comes back of these, the size
 * of results.
 */
export function createToolRunner({
  sources,
  secrets = noSecrets(),
}: {
  sources: readonly ToolSource[];
  secrets?: Secrets;
}): ClosableToolRunner {
  const checks = new ChecksBySchema();
  const names = () => ({
    tools: sources.flatMap((source) => source.names().tools),
    servers: sources.flatMap((source) => source.names().servers),
  });
  const ownerOf = (name: string): ToolSource => {
    const source = sources.find((one) => one.owns(name));
    if (source) return source;
    const { tools, servers } = names();
    const known = [...tools, ...servers.map((server) => `${server}/*`)];
    throw new ToolCallError('not_found', `There is no tool '${name}'.${suggestion(name, known)}`);
  };
  return {
    names,
    async describe(wanted, signal) {
      const owners = new Map<ToolSource, string[]>();
      for (const name of new Set(wanted)) {
        const owner = ownerOf(name);
        owners.set(owner, [...(owners.get(owner) ?? []), name]);
      }
      const asked = [...owners].map(([source, its]) => source.describe(its, signal));
      const described = unique((await settled(asked)).flat());
      for (const tool of described) if (!ownerOf(tool.name).checksArguments) checks.learn(tool);
      return described;
    },
    async call(name, args, options) {
      const source = ownerOf(name);
      const outcome = await inTime(name, options, async (signal) => {
        const { tenant } = options;
        const filled = fillArguments(secrets, args, { tool: name, ...(tenant !== undefined && { tenant }) });
        const fitting = source.checksArguments ? filled : await checks.check(source, name, filled, signal);
        return source.call(name, fitting, { ...options, signal });
      }).catch((error: unknown) => {
        throw isToolCallError(error) ? new ToolCallError(error.reason, secrets.redact(error.message)) : error;
      });
      return bounded({ ...outcome, content: secrets.redact(outcome.content) });
    },
    async close() {
      await Promise.allSettled(sources.map(async (source) => source.close?.()));
    },
  };
}

/** The checks of tools that come with a JSON Schema, learnt when they are described. */
class ChecksBySchema {
  private readonly known = new Map<string, ArgumentsCheck>();

  learn({ name, parameters }: DescribedTool): ArgumentsCheck {
    const check = argumentsCheck(name, parameters);
    this.known.set(name, check);
    return check;
  }

  /** The arguments, fit for the tool. What a check that was learnt earlier refuses is checked by the tool as it is now. */
  async check(source: ToolSource, name: string, args: Record<string, unknown>, signal: AbortSignal) {
    try {
      const known = this.known.get(name);
      if (known) return known(args);
    } catch (error) {
      if (!isToolCallError(error)) throw error;
    }
    const [tool] = await source.describe([name], signal);
    return tool ? this.learn(tool)(args) : args;
  }
}

/** Waits for all, then fails with the first that failed. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** `server/*` beside `server/tool` gives a tool once. */
function unique(tools: readonly DescribedTool[]): DescribedTool[] {
  return [...new Map(tools.map((tool) => [tool.name, tool])).values()];
}

/**
 * Text that every store and model takes (no NUL, no halves of surrogate pairs), of a bounded length.
 */
function bounded({ content, ...rest }: ToolOutcome): ToolOutcome {
  const cut =
    content.length <= MAX_RESULT_CHARS
      ? content
      : `${content.slice(0, MAX_RESULT_CHARS)}\n[Cut after ${MAX_RESULT_CHARS} of ${content.length} characters.]`;
  return { ...rest, content: cut.replaceAll('\0', '\uFFFD').replace(/\p{Cs}/gu, '\uFFFD') };
}
