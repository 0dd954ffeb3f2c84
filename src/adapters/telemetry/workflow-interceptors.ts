import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2/lib/workflow/index.js';
import type { Next, QueryInput, UpdateInput, WorkflowInboundCallsInterceptor } from '@temporalio/workflow';

/**
 * Loaded in the workflow sandbox. Queries and the checks of Updates make no spans there: they leave no history, so that a worker
 * that replays the run would count its span ids otherwise from there on, and children would look for parents that never come.
 */
class InboundInterceptor extends OpenTelemetryInboundInterceptor {
  override handleQuery(
    input: QueryInput,
    next: Next<WorkflowInboundCallsInterceptor, 'handleQuery'>,
  ): Promise<unknown> {
    return next(input);
  }

  override validateUpdate(input: UpdateInput, next: Next<WorkflowInboundCallsInterceptor, 'validateUpdate'>): void {
    next(input);
  }
}

/** Temporal's own interceptors, which every history is made with. */
export const interceptors = () => ({
  inbound: [new InboundInterceptor()],
  outbound: [new OpenTelemetryOutboundInterceptor()],
  internals: [new OpenTelemetryInternalsInterceptor()],
});
