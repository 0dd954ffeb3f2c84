import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Scope } from '../contract/identity.js';
import type { AppEnv } from './env.js';
import { routerPath } from './openapi.js';

/** What an operation needs: a scope; `any`: that the caller is known; `open`: nothing. */
export type Access = Scope | 'any' | 'open';

/** What each operation of the API needs. The gateway does not start with a route that has no line here, or in `PATHS`. */
export const ACCESS: Readonly<Record<string, Access>> = {
  healthz: 'open',
  readyz: 'open',
  // Whoever has a one-time link has its token, which is what lets them decide.
  showDecisionForm: 'open',
  sendDecisionForm: 'open',

  getCaller: 'any',

  getRun: 'read',
  listRuns: 'read',
  getRunResult: 'read',
  streamRunEvents: 'read',
  listArtifacts: 'read',
  readArtifact: 'read',
  readTaskOutput: 'read',
  listApprovals: 'read',
  listBatches: 'read',
  getBatch: 'read',
  readBatchResults: 'read',
  listSchedules: 'read',
  getSchedule: 'read',
  listCrews: 'read',
  getCrew: 'read',
  listCrewVersions: 'read',
  validateCrew: 'read',

  executeAgents: 'run',
  startRun: 'run',
  forkRun: 'run',
  retryRun: 'run',
  cancelRun: 'run',
  stopRun: 'run',
  sendMessage: 'run',
  startBatch: 'run',
  cancelBatch: 'run',
  createSchedule: 'run',
  changeSchedule: 'run',
  deleteSchedule: 'run',
  pauseSchedule: 'run',
  resumeSchedule: 'run',
  triggerSchedule: 'run',
  backfillSchedule: 'run',

  decideApproval: 'approve',
  createApprovalLink: 'approve',

  // Ends a run with no last word of it; changes what others run under a name; hands out access.
  terminateRun: 'admin',
  putCrew: 'admin',
  createKey: 'admin',
  listKeys: 'admin',
  revokeKey: 'admin',
  // Endpoints say where events go, and deliveries hold events whole and what receivers answered.
  createWebhook: 'admin',
  listWebhooks: 'admin',
  getWebhook: 'admin',
  changeWebhook: 'admin',
  deleteWebhook: 'admin',
  rotateWebhookSecret: 'admin',
  pingWebhook: 'admin',
  listWebhookDeliveries: 'admin',
  getWebhookDelivery: 'admin',
  replayWebhookDelivery: 'admin',
  replayFailedWebhookDeliveries: 'admin',
  metrics: 'admin',
  decodePayloads: 'admin',
  encodePayloads: 'admin',
};

/** Routes that the document does not have. */
const PATHS: Readonly<Record<string, Access>> = {
  'GET /': 'open',
  'GET /openapi.json': 'open',
};

/** What a route needs, by `METHOD /path` as the router has it. */
export type AccessTable = ReadonlyMap<string, Access>;

/** What the routes of an app need. @throws Error where one has no line in the tables above */
export function accessTable(app: OpenAPIHono<AppEnv>): AccessTable {
  const operations = new Map<string, string>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { method, path, operationId } = definition.route;
    operations.set(`${method.toUpperCase()} ${routerPath(path)}`, operationId ?? '');
  }
  const table = new Map<string, Access>();
  // `ALL` is middleware, and the answer to other methods.
  for (const { method, path } of app.routes.filter(({ method }) => method !== 'ALL')) {
    const route = `${method} ${path}`;
    const access = ACCESS[operations.get(route) ?? ''] ?? PATHS[route];
    if (access === undefined) {
      const operation = operations.get(route);
      const named = operation === undefined ? route : `${route} (${operation})`;
      throw new Error(`${named} has no line in src/api/access.ts: say which scope it needs`);
    }
    table.set(route, access);
  }
  return table;
}
