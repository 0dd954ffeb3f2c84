import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { MAX_OUTPUT_CHARS, type ModelReply, type ModelRequest } from '../contract/wire.js';
import type { ChatModel } from '../ports.js';
import { withHeartbeat } from './heartbeat.js';
import { modelFailure } from './model-failure.js';

/** The activities that call models. */
export function createModelActivities({ chatModel }: { chatModel: ChatModel }) {
  return {
    /**
     * One call of a model. Returns whatever was answered, for it was paid for.
     * @throws ApplicationFailure of a `Model.*` type, see `modelFailure`.
     */
    async callModel(request: ModelRequest): Promise<ModelReply> {
      const { workflowExecution, activityId, startToCloseTimeoutMs } = activityInfo();
      const signal = cancellationSignal();
      try {
        const reply = await withHeartbeat(() =>
          chatModel.call(request, {
            signal,
            requestId: `${workflowExecution?.workflowId ?? ''}/${activityId}`,
            timeoutMs: startToCloseTimeoutMs,
          }),
        );
        return bounded(reply);
      } catch (error) {
        // Aborted by Temporal: say so in Temporal's own words, whatever the library threw.
        signal.throwIfAborted();
        throw modelFailure(error);
      }
    },
  };
}

function bounded(reply: ModelReply): ModelReply {
  if (reply.text.length <= MAX_OUTPUT_CHARS) return reply;
  return { ...reply, text: reply.text.slice(0, MAX_OUTPUT_CHARS), finishReason: 'size' };
}
