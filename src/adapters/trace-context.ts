import { context, propagation } from '@opentelemetry/api';
import type { CurrentTrace } from '../ports.js';

/** The `CurrentTrace` port on OpenTelemetry: what its propagator would put into the headers of a request that is made now. */
export const currentTrace: CurrentTrace = () => {
  const { traceparent, tracestate }: { traceparent?: string; tracestate?: string } = carried();
  return {
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && tracestate !== '' && { tracestate }),
  };
};

function carried(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}
