import { isToolCallError } from '../contract/tool-error.js';
import type { ToolReply, ToolRequest } from '../contract/wire.js';
import type { Store, ToolOutcome, ToolRunner } from '../ports.js';
import { withHeartbeat } from './heartbeat.js';
import { here, ownTimeMs, type Here } from './here.js';
import { kept } from './kept.js';
import { isRef, textsOf } from './texts.js';
import { toolFailure } from './tool-failure.js';

/** The activity that calls tools. */
export function createToolActivities({ tools, store }: { tools: ToolRunner; store: Store }) {
  return {
    /**
     * One call of a tool. What the tool says went wrong is returned, for the model to work with.
     * @throws ApplicationFailure `Tool.Unavailable`, `Tool.TimedOut` where it could not be used; `Store.*`
     */
    async callTool({ name, arguments: args, callId }: ToolRequest): Promise<ToolReply> {
      const at = here();
      const texts = textsOf(store, at.tenant);
      const started = performance.now();
      const outcome = await withHeartbeat(async () => {
        const plain = isRef(args) ? (JSON.parse(await texts.resolve(args)) as Record<string, unknown>) : args;
        return call(tools, name, plain, at, callId);
      });
      const { content, isError } = outcome;
      const durationMs = Math.round(performance.now() - started);
      return { content: await kept(() => texts.toWire(content), at), ...(isError && { isError }), durationMs };
    },
  };
}

async function call(
  tools: ToolRunner,
  name: string,
  args: Record<string, unknown>,
  { id, tenant, signal, timeoutMs }: Here,
  callId: string | undefined,
): Promise<ToolOutcome> {
  try {
    return await tools.call(name, args, {
      signal,
      timeoutMs: ownTimeMs(timeoutMs),
      idempotencyKey: id,
      tenant,
      ...(callId !== undefined && { callId }),
    });
  } catch (error) {
    signal.throwIfAborted();
    if (isToolCallError(error) && error.reason !== 'unavailable' && error.reason !== 'timed_out') {
      return { content: error.message, isError: true };
    }
    throw toolFailure(error);
  }
}
