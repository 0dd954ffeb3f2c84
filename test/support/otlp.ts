import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it was received. */
export interface ReceivedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  status: number;
}

/** A collector that keeps what it is sent over OTLP/HTTP, as JSON. */
export interface OtlpReceiver {
  url: string;
  spans(traceId?: string): ReceivedSpan[];
  /** Names of metrics. */
  metrics(): string[];
  /** All that was received, as it came. */
  raw(): string;
  close(): Promise<void>;
}

interface AnyValue {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: AnyValue[] };
}
type KeyValues = { key: string; value: AnyValue }[];

interface TraceBody {
  resourceSpans?: {
    resource: { attributes: KeyValues };
    scopeSpans: {
      spans: {
        name: string;
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        kind: number;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes?: KeyValues;
        status?: { code?: number };
      }[];
    }[];
  }[];
  resourceMetrics?: { scopeMetrics: { metrics: { name: string }[] }[] }[];
}

/** Starts it on a free port of 127.0.0.1. `forwardTo`: another collector, which gets all traces too. */
export async function startOtlpReceiver(forwardTo?: string): Promise<OtlpReceiver> {
  const bodies: TraceBody[] = [];
  const texts: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      if (request.headers['content-type']?.includes('json') !== true) return answer();
      texts.push(text);
      bodies.push(JSON.parse(text) as TraceBody);
      if (forwardTo === undefined || request.url !== '/v1/traces') return answer();
      const headers = { 'content-type': 'application/json' };
      return void fetch(`${forwardTo}/v1/traces`, { method: 'POST', headers, body: text }).then(answer, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans: (traceId) => bodies.flatMap(spansOf).filter((span) => traceId === undefined || span.traceId === traceId),
    metrics: () => [
      ...new Set(
        bodies.flatMap(({ resourceMetrics = [] }) =>
          resourceMetrics.flatMap(({ scopeMetrics }) =>
            scopeMetrics.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
          ),
        ),
      ),
    ],
    raw: () => texts.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf({ resourceSpans = [] }: TraceBody): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(plain(resource.attributes)['service.name']),
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        ...(span.parentSpanId !== undefined && span.parentSpanId !== '' && { parentSpanId: span.parentSpanId }),
        kind: span.kind,
        startMs: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
        endMs: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
        attributes: plain(span.attributes ?? []),
        status: span.status?.code ?? 0,
      })),
    ),
  );
}

function plain(attributes: KeyValues): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: AnyValue): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(valueOf);
  return value.stringValue ?? value.doubleValue ?? value.boolValue ?? Number(value.intValue);
}
