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
