import { makeTelemetryFilterString, type TelemetryOptions } from '@temporalio/worker';
import type { ScrapeMetrics } from '../../ports.js';
import { freePort } from '../net/listening.js';

/** Where the measurements of Temporal's native core go. */
export type CoreTarget = { kind: 'prometheus' } | { kind: 'otlp'; url: string; everyMs: number } | { kind: 'none' };

/** The telemetry of Temporal's native core, and its measurements as Prometheus reads them, where it serves any. */
export interface CoreTelemetry {
  options: TelemetryOptions;
  scrape?: ScrapeMetrics;
}

const SCRAPE_MS = 1_000;
const LEVELS = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR', silent: 'OFF' } as const;

/** The core serves its measurements on a port of loopback; ours reads them from there, so that there is one place to scrape. */
export async function coreTelemetry(target: CoreTarget, level: keyof typeof LEVELS): Promise<CoreTelemetry> {
  const core = LEVELS[level];
  const filter = core === 'OFF' ? 'OFF' : makeTelemetryFilterString({ core: core === 'DEBUG' ? 'INFO' : core });
  const logging = { filter, forward: {} };
  if (target.kind === 'none') return { options: { logging } };
  if (target.kind === 'otlp') {
    const { url, everyMs } = target;
    const otel = { url, http: true, metricsExportInterval: everyMs, useSecondsForDurations: true };
    return { options: { logging, metrics: { otel } } };
  }
  const at = `127.0.0.1:${await freePort()}`;
  const prometheus = { bindAddress: at, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };
  return {
    options: { logging, metrics: { prometheus } },
    scrape: async () => {
      const response = await fetch(`http://${at}/metrics`, { signal: AbortSignal.timeout(SCRAPE_MS) });
      return response.text();
    },
  };
}
