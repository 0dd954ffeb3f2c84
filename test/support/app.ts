import { setMaxListeners } from 'node:events';
import { createCatalog } from '../../src/adapters/catalog.js';
import { createJsonSchemas } from '../../src/adapters/json/schemas.js';
import { noTokens } from '../../src/adapters/tokens/none.js';
import { readYaml } from '../../src/adapters/read-yaml.js';
import { createApp } from '../../src/api/app.js';
import type { AppDeps, AppSettings } from '../../src/api/env.js';
import type { ModelRegistry } from '../../src/ports.js';
import { crewDocument, crewOf, filesOf } from './crews.js';
import { Conformance, type Described } from './described.js';
import { failingCoordination, failingRuns, failingWatch } from './fake-runs.js';
import { noWebhooks } from './fake-webhooks.js';
import { memoryLogger } from './logger.js';
import { memoryStore } from './memory-store.js';

/** What decisions are checked with: any schema that stands in a definition, and none by name. */
export function decisionSchemas(): AppDeps['decisionSchemas'] {
  const schemas = createJsonSchemas();
  return {
    validate: (schema, value) => schemas.validate(schema, value),
    extract: (text) => schemas.extract(text),
    named: () => undefined,
  };
}

const SETTINGS: AppSettings = {
  version: '0.0.0-test',
  defaultCrew: 'pair',
  executeWaitMs: 60_000,
  maxWaitMs: 60_000,
  heartbeatMs: 15_000,
  stalledMs: 60_000,
  allowedHosts: [],
  rateLimitPerMinute: 0,
  maxOpenRuns: 0,
  corsOrigins: [],
  namespace: 'default',
};

/** A gateway for tests, with the crew `pair` unless told otherwise. */
export function testApp(deps: Partial<Omit<AppDeps, 'settings'>> & { settings?: Partial<AppSettings> } = {}) {
  const logger = memoryLogger();
  const store = deps.store ?? memoryStore();
  const { draining = new AbortController().signal } = deps;
  // As that of a gateway's process: every reader listens to it.
  setMaxListeners(0, draining);
  const app = createApp({
    runs: failingRuns(),
    ...failingCoordination(),
    crews: createCatalog(filesOf(crewOf(crewDocument())), store),
    store,
    watch: failingWatch(),
    tokens: noTokens(),
    webhooks: noWebhooks(),
    models: registryOf('scripted-model'),
    known: {},
    decisionSchemas: decisionSchemas(),
    readYaml,
    logger,
    ...deps,
    draining,
    settings: { ...SETTINGS, ...deps.settings },
  });
  /** The text as it came, and as JSON where it is some. It must be an answer that the OpenAPI document declares. */
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    conformance ??= new Conformance((await (await app.request('/openapi.json')).json()) as Described);
    conformance.check(method, path, { status: response.status, contentType, text });
    const isJson = text !== '' && /[/+]json/.test(contentType);
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
  return {
    app,
    logger,
    store,
    get: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
    post: (path: string, body: unknown, headers?: Record<string, string>) => send('POST', path, body, headers),
    send,
  };
}

/** The document is the same for all gateways. */
let conformance: Conformance | undefined;

/** A registry of models with no more to know of them than their names; the first is the default. */
export function registryOf(...names: [string, ...string[]]): ModelRegistry {
  return {
    facts: (name = names[0]) => (names.includes(name) ? { name } : undefined),
    names: () => names,
    whyNot: (name) => `The model '${name}' is not configured`,
  };
}
