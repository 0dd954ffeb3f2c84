import { trace } from '@opentelemetry/api';
import { interceptors } from './workflow-interceptors.js';

/**
 * Loads OpenTelemetry in the workflow sandbox once, before the first run, and sets it up there (`preloadModules`): its modules take
 * longer to load than most runs take to go on, and each set-up keeps an async context of its own, which every promise of every
 * other run then carries along. None of it belongs to a run: ids come from the run's own random stream, spans leave by its sinks.
 */
interceptors();

// The SDK freezes what runs share, as deep as it is not frozen yet. What OpenTelemetry itself keeps behind these two is left as it is.
Object.freeze(trace);
Object.freeze((globalThis as Record<symbol, unknown>)[Symbol.for('opentelemetry.js.api.1')]);

/**
 * OpenTelemetry keeps the global object as one of its values, so the SDK's freezing gets at what hangs on it; on Node.js 24 that includes
 * the list of what is called when the worker ends, which the SDK empties then: frozen, it would fail each worker at its end. It
 * passes over what cannot be read.
 */
const destructors = (globalThis as { __temporal_globalSandboxDestructors?: object })
  .__temporal_globalSandboxDestructors;
if (destructors) {
  Object.defineProperty(destructors, Symbol('not to be frozen'), {
    get: () => {
      throw new TypeError('This list is not to be frozen');
    },
  });
}
