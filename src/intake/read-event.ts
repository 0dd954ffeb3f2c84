import { shapeProblem } from '../api/body-shape.js';
import type { IntakeSource, ReceivedEvent } from '../ports.js';

/** What an event says: its id, and its data. */
export interface ReadEvent {
  /** What the same event has each time it comes, and no other of its topic. */
  id: string;
  data: unknown;
}

/** An event that says nothing that could be done. `message` is fit to be shown to its sender. */
export class Unreadable extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Unreadable';
    this.code = code;
  }
}

/**
 * Reads an event: CloudEvents in binary or structured mode, or plain JSON. Its id is that of the CloudEvent with its source; else
 * what is found at `idPath` in the data; else its place in the topic.
 * @throws Unreadable
 */
export function readEvent(event: ReceivedEvent, idPath: string | undefined): ReadEvent {
  const { topic, partition, offset, headers, value } = event;
  if (value === null || value.length === 0) throw new Unreadable('empty_event', 'The event has no value');
  const body = parsed(value);
  if (headers['content-type']?.startsWith('application/cloudevents') === true) return structured(body);
  const own = headers['ce_id'];
  if (own !== undefined && own !== '') return { id: withSource(headers['ce_source'], own), data: body };
  if (idPath !== undefined) {
    const found = valueAt(body, idPath);
    if (typeof found !== 'string' && typeof found !== 'number') {
      throw new Unreadable('event_without_id', `The data have no id at '${idPath}'`);
    }
    return { id: String(found), data: body };
  }
  return { id: `${topic}/${partition}/${offset}`, data: body };
}

/** What is at a source: of a path that leads nowhere, undefined. */
export function fromSource(source: IntakeSource, data: unknown): unknown {
  return 'value' in source ? source.value : valueAt(data, source.path);
}

/** The value at a path of own keys and indices: `order.lines.0.text`. */
function valueAt(data: unknown, path: string): unknown {
  let at = data;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** Largest value of an event that is read. A broker takes 1 MB unless it is told otherwise. */
const MAX_EVENT_BYTES = 4_000_000;

function parsed(value: Uint8Array): unknown {
  if (value.length > MAX_EVENT_BYTES) {
    throw new Unreadable('event_too_large', `The value has ${value.length} bytes; at most ${MAX_EVENT_BYTES} are read`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(value);
    const problem = shapeProblem(text);
    if (problem?.code === 'body_too_complex') {
      throw new Unreadable('event_too_complex', `The value may ${problem.message}`);
    }
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable('not_json', 'The value is not JSON in UTF-8');
  }
}

function structured(body: unknown): ReadEvent {
  const { id, source, data } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (typeof id !== 'string' || id === '') throw new Unreadable('event_without_id', 'The CloudEvent has no id');
  return { id: withSource(typeof source === 'string' ? source : undefined, id), data };
}

function withSource(source: string | undefined, id: string): string {
  return source === undefined ? id : `${source} ${id}`;
}
