/** All ports: what the use cases and the gateway need of the outside, as types. */
export type * from './ports/coordination.js';
export type * from './ports/crews.js';
export type * from './ports/identity.js';
export type * from './ports/encryption.js';
export type * from './ports/links.js';
export type * from './ports/logger.js';
export type * from './ports/models.js';
export type * from './ports/replay.js';
export type * from './ports/runs.js';
export type * from './ports/store.js';
export type * from './ports/telemetry.js';
export type * from './ports/tokens.js';
export type * from './ports/tools.js';
export type * from './ports/watch.js';
export type * from './ports/events.js';
export type * from './ports/webhooks.js';
