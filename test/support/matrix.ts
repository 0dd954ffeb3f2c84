import type { Scope } from '../../src/contract/identity.js';

/** What a tenant has, for requests to be about. */
export interface Things {
  /** Whose they are. */
  tenant: string;
  /** A run that has ended, with a task `say` and an artifact `said.md`. */
  ended: string;
  /** A run that waits for a person, and for which approval. */
  waiting: string;
  approval: string;
  batch: string;
  schedule: string;
  /** The name of a stored crew. */
  crew: string;
  key: string;
  webhook: string;
  delivery: string;
}

/** A request of the matrix. */
export interface MatrixRequest {
  path: string;
  body?: unknown;
}

/** How one operation is called, and what is to be seen. */
export interface MatrixLine {
  /** The scope that it needs beside `admin`; `any`: that the caller is known; `open`: nothing. */
  needs: Scope | 'any' | 'open';
  request(things: Things): MatrixRequest;
  /** It uses its thing up: each call that is let through gets a new one. */
  uses?: keyof Things;
  /**
   * What another tenant's administrator gets: the thing is not there (404, or what `elsewhere` says), or an answer with nothing of the
   * first tenant in it (`apart`).
   */
  elsewhere: 404 | 'apart';
  /** It is there for the operator's own tenant alone, which is not the first one of the test. */
  operatorOnly?: true;
}

const NEW_CREW = {
  schemaVersion: 1,
  name: 'fresh',
  agents: { one: { role: 'R', goal: 'G', backstory: 'B' } },
  tasks: { say: { description: 'SAY x', expected_output: 'Words', agent: 'one' } },
};

const never = { cron: ['0 0 1 1 *'] };
let count = 0;

const of = (thing: keyof Things, path: (id: string) => string, body?: unknown) => (things: Things) => ({
  path: path(things[thing]),
  ...(body !== undefined && { body }),
});
const fixed = (path: string, body?: unknown) => () => ({ path, ...(body !== undefined && { body }) });
const onRun = (thing: 'ended' | 'waiting', rest = '', body?: unknown) =>
  of(thing, (id) => `/v1/runs/${id}${rest}`, body);
const onSchedule = (rest = '', body?: unknown) => of('schedule', (id) => `/v1/schedules/${id}${rest}`, body);

const onWebhook = (rest = '', body?: unknown) => of('webhook', (id) => `/v1/webhooks/${id}${rest}`, body);
const onDelivery =
  (rest = '') =>
  ({ webhook, delivery }: Things) => ({ path: `/v1/webhooks/${webhook}/deliveries/${delivery}${rest}` });

/** Every operation of the API. A new one fails the test until it has a line here. */
export const MATRIX: Record<string, MatrixLine> = {
  healthz: { needs: 'open', request: fixed('/healthz'), elsewhere: 'apart' },
  readyz: { needs: 'open', request: fixed('/readyz'), elsewhere: 'apart' },
  showDecisionForm: { needs: 'open', request: fixed('/d/no-token-of-ours'), elsewhere: 404 },
  sendDecisionForm: { needs: 'open', request: fixed('/d/no-token-of-ours'), elsewhere: 404 },
  getCaller: { needs: 'any', request: fixed('/v1/caller'), elsewhere: 'apart' },

  getRun: { needs: 'read', request: onRun('ended'), elsewhere: 404 },
  listRuns: { needs: 'read', request: fixed('/v1/runs?limit=100'), elsewhere: 'apart' },
  getRunResult: { needs: 'read', request: onRun('ended', '/result'), elsewhere: 404 },
  streamRunEvents: { needs: 'read', request: onRun('ended', '/events?deltas=true'), elsewhere: 404 },
  listArtifacts: { needs: 'read', request: onRun('ended', '/artifacts'), elsewhere: 404 },
  readArtifact: { needs: 'read', request: onRun('ended', '/artifacts/said.md'), elsewhere: 404 },
  readTaskOutput: { needs: 'read', request: onRun('ended', '/tasks/say/output'), elsewhere: 404 },
  listApprovals: { needs: 'read', request: fixed('/v1/approvals'), elsewhere: 'apart' },
  listBatches: { needs: 'read', request: fixed('/v1/batches'), elsewhere: 'apart' },
  getBatch: { needs: 'read', request: of('batch', (id) => `/v1/batches/${id}`), elsewhere: 404 },
  readBatchResults: { needs: 'read', request: of('batch', (id) => `/v1/batches/${id}/results`), elsewhere: 404 },
  listSchedules: { needs: 'read', request: fixed('/v1/schedules'), elsewhere: 'apart' },
  getSchedule: { needs: 'read', request: onSchedule(), elsewhere: 404 },
  listCrews: { needs: 'read', request: fixed('/v1/crews'), elsewhere: 'apart' },
  getCrew: { needs: 'read', request: of('crew', (name) => `/v1/crews/${name}`), elsewhere: 404 },
  listCrewVersions: { needs: 'read', request: of('crew', (name) => `/v1/crews/${name}/versions`), elsewhere: 404 },
  validateCrew: { needs: 'read', request: fixed('/v1/crews:validate', NEW_CREW), elsewhere: 'apart' },

  executeAgents: {
    needs: 'run',
    request: of('crew', () => '/agents/execute', { workflow_id: 'w', crew: 'spoken', parameters: { topic: 'x' } }),
    elsewhere: 'apart',
  },
  startRun: {
    needs: 'run',
    request: ({ crew }) => ({ path: '/v1/runs', body: { crew, inputs: { topic: 'x' } } }),
    elsewhere: 404,
  },
  forkRun: { needs: 'run', request: onRun('ended', '/fork', { fromTask: 'say' }), elsewhere: 404 },
  retryRun: { needs: 'run', request: onRun('waiting', '/retry', {}), uses: 'waiting', elsewhere: 404 },
  cancelRun: { needs: 'run', request: onRun('waiting', '/cancel', {}), uses: 'waiting', elsewhere: 404 },
  stopRun: { needs: 'run', request: onRun('waiting', '/stop', {}), uses: 'waiting', elsewhere: 404 },
  sendMessage: { needs: 'run', request: onRun('waiting', '/messages', { text: 'Hello' }), elsewhere: 404 },
  startBatch: {
    needs: 'run',
    request: ({ crew }) => ({ path: '/v1/batches', body: { crew, items: [{ inputs: { topic: 'x' } }] } }),
    elsewhere: 404,
  },
  cancelBatch: {
    needs: 'run',
    request: of('batch', (id) => `/v1/batches/${id}/cancel`),
    uses: 'batch',
    elsewhere: 404,
  },
  createSchedule: {
    needs: 'run',
    request: ({ crew }) => ({
      path: '/v1/schedules',
      body: { id: `m${++count}`, crew, inputs: { topic: 'x' }, ...never },
    }),
    elsewhere: 404,
  },
  changeSchedule: { needs: 'run', request: onSchedule('', { overlap: 'skip' }), elsewhere: 404 },
  deleteSchedule: { needs: 'run', request: onSchedule(), uses: 'schedule', elsewhere: 404 },
  pauseSchedule: { needs: 'run', request: onSchedule('/pause', {}), elsewhere: 404 },
  resumeSchedule: { needs: 'run', request: onSchedule('/resume', {}), elsewhere: 404 },
  triggerSchedule: { needs: 'run', request: onSchedule('/trigger', {}), elsewhere: 404 },
  backfillSchedule: {
    needs: 'run',
    request: onSchedule('/backfill', { from: '2026-01-02T00:00:00Z', to: '2026-01-03T00:00:00Z' }),
    elsewhere: 404,
  },

  decideApproval: {
    needs: 'approve',
    request: ({ waiting, approval }) => ({
      path: `/v1/runs/${waiting}/approvals/${approval}`,
      body: { action: 'approve' },
    }),
    uses: 'waiting',
    elsewhere: 404,
  },
  createApprovalLink: {
    needs: 'approve',
    request: ({ waiting, approval }) => ({
      path: `/v1/runs/${waiting}/approvals/${approval}/links`,
      body: { by: 'carla' },
    }),
    elsewhere: 404,
  },

  terminateRun: { needs: 'admin', request: onRun('waiting'), uses: 'waiting', elsewhere: 404 },
  // The same name in another tenant is another crew.
  putCrew: { needs: 'admin', request: fixed('/v1/crews/fresh', NEW_CREW), elsewhere: 'apart' },
  createKey: { needs: 'admin', request: fixed('/v1/keys', { name: 'made', scopes: ['read'] }), elsewhere: 'apart' },
  listKeys: { needs: 'admin', request: fixed('/v1/keys'), elsewhere: 'apart' },
  revokeKey: { needs: 'admin', request: of('key', (id) => `/v1/keys/${id}`), uses: 'key', elsewhere: 404 },
  createWebhook: {
    needs: 'admin',
    request: fixed('/v1/webhooks', { url: 'https://receiver.invalid/made', enabled: false }),
    elsewhere: 'apart',
  },
  listWebhooks: { needs: 'admin', request: fixed('/v1/webhooks'), elsewhere: 'apart' },
  getWebhook: { needs: 'admin', request: onWebhook(), elsewhere: 404 },
  changeWebhook: { needs: 'admin', request: onWebhook('', { events: ['*'] }), elsewhere: 404 },
  deleteWebhook: { needs: 'admin', request: onWebhook(), uses: 'webhook', elsewhere: 404 },
  rotateWebhookSecret: { needs: 'admin', request: onWebhook('/rotate', {}), elsewhere: 404 },
  pingWebhook: { needs: 'admin', request: onWebhook('/ping'), elsewhere: 404 },
  listWebhookDeliveries: { needs: 'admin', request: onWebhook('/deliveries'), elsewhere: 404 },
  getWebhookDelivery: { needs: 'admin', request: onDelivery(), elsewhere: 404 },
  replayWebhookDelivery: { needs: 'admin', request: onDelivery('/replay'), elsewhere: 404 },
  replayFailedWebhookDeliveries: {
    needs: 'admin',
    request: onWebhook('/replay', { since: '2026-01-01T00:00:00Z' }),
    elsewhere: 404,
  },
  decodePayloads: {
    needs: 'admin',
    request: ({ tenant }) => ({ path: `/codec/${tenant}/decode`, body: { payloads: [] } }),
    elsewhere: 404,
  },
  encodePayloads: {
    needs: 'admin',
    request: ({ tenant }) => ({ path: `/codec/${tenant}/encode`, body: { payloads: [] } }),
    elsewhere: 404,
  },
  metrics: { needs: 'admin', request: fixed('/metrics'), elsewhere: 404, operatorOnly: true },
};
