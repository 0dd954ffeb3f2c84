import { RunsError } from '../../src/contract/runs-error.js';
import type { CrewBatches, CrewRuns, CrewSchedules, CrewThreads, RunWatch } from '../../src/ports.js';

/** Runs that fail as told, for faults that a real server cannot be made to show at will. */
export function failingRuns(
  error: Error = new RunsError('temporal_unavailable', 'Temporal cannot be reached'),
): CrewRuns {
  const fail = () => Promise.reject(error);
  return {
    start: fail,
    get: fail,
    events: fail,
    waitForEnd: fail,
    list: fail,
    inbox: fail,
    decide: fail,
    signalDecision: fail,
    source: fail,
    cancel: fail,
    stop: fail,
    terminate: fail,
    message: fail,
    health: () => Promise.resolve({ temporal: 'unreachable', worker: 'unknown' }),
  };
}

/** A watch that fails as told. */
export function failingWatch(
  error: Error = new RunsError('temporal_unavailable', 'Temporal cannot be reached'),
): RunWatch {
  return { open: () => Promise.reject(error) };
}

/** The same for batches, schedules and threads. */
export function failingCoordination(
  error: Error = new RunsError('temporal_unavailable', 'Temporal cannot be reached'),
): { batches: CrewBatches; schedules: CrewSchedules; threads: CrewThreads } {
  const fail = () => Promise.reject(error);
  return {
    batches: { start: fail, get: fail, list: fail, cancel: fail },
    schedules: {
      create: fail,
      get: fail,
      list: fail,
      update: fail,
      remove: fail,
      pause: fail,
      resume: fail,
      trigger: fail,
      backfill: fail,
    },
    threads: { admit: fail, coordinator: () => ({ workflowId: 'none' }) },
  };
}
