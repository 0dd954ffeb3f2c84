import { createApp } from '../../src/api/app.js';
import type { AppDeps, AppSettings } from '../../src/api/env.js';
import { catalogOf, crewDocument, crewOf } from './crews.js';
import { failingRuns } from './fake-runs.js';
import { memoryLogger } from './logger.js';

const SETTINGS: AppSettings = {
  version: '0.0.0-test',
  defaultCrew: 'pair',
  executeWaitMs: 20_000,
  maxWaitMs: 60_000,
  allowedHosts: [],
  namespace: 'default',
};

/** A gateway for tests, with the crew `pair` unless told otherwise. */
export function testApp(deps: Partial<Omit<AppDeps, 'settings'>> & { settings?: Partial<AppSettings> } = {}) {
  const logger = memoryLogger();
  const app = createApp({
    runs: failingRuns(),
    crews: catalogOf(crewOf(crewDocument())),
    logger,
    draining: new AbortController().signal,
    ...deps,
    settings: { ...SETTINGS, ...deps.settings },
  });
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();

    const json = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, json };
  };
  return {
    app,
    logger,
    get: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
    post: (path: string, body: unknown, headers?: Record<string, string>) => send('POST', path, body, headers),
    send,
  };
}
