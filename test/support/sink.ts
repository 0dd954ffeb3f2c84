import type { EventSink, OutgoingEvent } from '../../src/ports.js';
import type { RunEvent } from '../../src/contract/events.js';

/** A sink in memory, which can be away, and refuse runs. */
export interface MemorySink extends EventSink {
  /** In the order that they came. */
  taken: OutgoingEvent[];
  /** Calls, also those that failed. */
  calls: number;
  away: boolean;
  refused: Set<string>;
  /** The seqs of one run, as they came. */
  seqs(runId: string): number[];
}

export function memorySink(name: EventSink['name'] = 'kafka'): MemorySink {
  const sink: MemorySink = {
    name,
    taken: [],
    calls: 0,
    away: false,
    refused: new Set(),
    seqs: (runId) => sink.taken.filter(({ event }) => event.runId === runId).map(({ event }) => event.seq),
    send: (events) => {
      sink.calls++;
      if (sink.away) return Promise.reject(new Error('the sink is away'));
      if (events.some(({ event }) => sink.refused.has(event.runId))) return Promise.reject(new Error('refused'));
      sink.taken.push(...events);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return sink;
}

/** Events of a run, from one `seq` to another. */
export function outgoing(tenant: string, runId: string, from: number, to: number): OutgoingEvent[] {
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const seq = from + at;
    const event: RunEvent = {
      id: `${runId}:${seq}`,
      seq,
      type: 'task.started',
      time: new Date(0).toISOString(),
      runId,
      crew: 'made',
      taskId: 'a',
      data: { attempt: 1 },
    };
    return { event, tenant };
  });
}

/** 1, 2, … as far as `to`. */
export function upTo(to: number): number[] {
  return Array.from({ length: to }, (_, at) => at + 1);
}
