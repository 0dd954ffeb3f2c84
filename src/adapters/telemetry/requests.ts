import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type TextMapGetter,
} from '@opentelemetry/api';
import { Attribute } from '../../contract/telemetry.js';
import type { RequestTelemetry, WatchedRequest } from '../../ports.js';
import type { Instruments } from './metrics.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Asked every few seconds by machines: measured, and no trace each. */
const PROBES = new Set(['/healthz', '/readyz', '/metrics']);

/** Looks up what it needs: to list the headers costs more than all else here. */
const HEADERS: TextMapGetter<Pick<WatchedRequest, 'header'>> = {
  get: (request, name) => request.header(name),
  keys: () => [],
};

/** Spans and measurements of requests, by OpenTelemetry's conventions for HTTP servers. */
export function createRequestTelemetry(
  { httpDuration }: Pick<Instruments, 'httpDuration'>,
  handedOver: () => Promise<void>,
): RequestTelemetry {
  return {
    watch: async ({ method: said, path, header }, answer) => {
      const method = METHODS.has(said) ? said : '_OTHER';
      const started = performance.now();
      const measure = (status: number, route: string | undefined) =>
        httpDuration.record((performance.now() - started) / 1000, {
          'http.request.method': method,
          'http.response.status_code': status,
          ...(route !== undefined && { 'http.route': route }),
        });
      if (PROBES.has(path)) {
        const { status, route } = await answer();
        measure(status, route);
        return;
      }
      const caller = propagation.extract(ROOT_CONTEXT, { header }, HEADERS);
      const tracer = trace.getTracer('agent-orchestration-service');
      const attributes = { 'http.request.method': method };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, caller);
      let status = 500;
      try {
        const answered = await context.with(trace.setSpan(caller, span), answer);
        const { route } = answered;
        status = answered.status;
        measure(status, route);
        span.setAttribute('http.response.status_code', status);
        if (route !== undefined) span.updateName(`${method} ${route}`).setAttribute('http.route', route);
      } finally {
        if (status >= 500) {
          span.setAttribute(Attribute.errorType, String(status)).setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      }
      if (!READING.has(method)) await handedOver();
    },
  };
}
