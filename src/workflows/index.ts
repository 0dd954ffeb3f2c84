/** The workflows of the bundle. The export's name is the workflow type's name. */
export { collectStore } from './collect-store.js';
export { runBatch } from './run-batch.js';
export { runCrew } from './run-crew.js';
export { runScheduled } from './run-scheduled.js';
export { runThread } from './run-thread.js';
