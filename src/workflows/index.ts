/** The workflows of the bundle. The export's name is the workflow type's name. */
export { collectStore } from './collect-store.js';
export { runCrew } from './run-crew.js';
