import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { jaegerPath } from '../../scripts/jaeger.js';
import { eventually } from './crew-world.js';
import { freePort } from './free-port.js';
import { stopped } from './store.js';

/** A span as Jaeger's API gives it. */
export interface JaegerSpan {
  spanID: string;
  operationName: string;
  references: { refType: string; spanID: string }[];
  warnings: string[] | null;
}

/** A real Jaeger with everything in memory. */
export interface Jaeger {
  /** Where it takes OTLP over HTTP. */
  otlp: string;
  trace(traceId: string): Promise<JaegerSpan[]>;
  stop(): Promise<void>;
}

/** The program that `npm run jaeger:build` makes; undefined where it was not made. */
export function findJaeger(): string | undefined {
  return existsSync(jaegerPath()) ? jaegerPath() : undefined;
}

/** Starts it on free ports of 127.0.0.1. */
export async function startJaeger(program: string): Promise<Jaeger> {
  const [otlp, query, grpc] = await Promise.all([freePort(), freePort(), freePort()]);
  const folder = mkdtempSync(join(tmpdir(), 'jaeger-'));
  const file = join(folder, 'config.yaml');
  const at = (port: number) => ({ endpoint: `127.0.0.1:${port}` });
  writeFileSync(
    file,
    stringify({
      service: {
        extensions: ['jaeger_storage', 'jaeger_query'],
        pipelines: { traces: { receivers: ['otlp'], processors: [], exporters: ['jaeger_storage_exporter'] } },
        telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      },
      extensions: {
        jaeger_query: { storage: { traces: 'memory' }, http: at(query), grpc: at(grpc) },
        jaeger_storage: { backends: { memory: { memory: { max_traces: 1_000 } } } },
      },
      receivers: { otlp: { protocols: { http: at(otlp) } } },
      exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    }),
  );
  const child = spawn(program, ['--config', file], {
    // Its own traces are nobody's.
    env: { ...process.env, OTEL_TRACES_SAMPLER: 'always_off' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const api = `http://127.0.0.1:${query}/api`;
  await eventually('Jaeger to answer', async () => (await fetch(`${api}/services`).catch(() => undefined))?.ok, 90_000);
  return {
    otlp: `http://127.0.0.1:${otlp}`,
    trace: async (traceId) => {
      const response = await fetch(`${api}/traces/${traceId}`);
      const { data } = (await response.json()) as { data: { spans: JaegerSpan[] }[] | null };
      return data?.[0]?.spans ?? [];
    },
    stop: async () => {
      await stopped(child);
      rmSync(folder, { recursive: true });
    },
  };
}
