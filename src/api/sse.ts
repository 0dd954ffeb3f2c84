import type { StreamingApi } from 'hono/utils/stream';
import { stringify } from 'safe-stable-stringify';
import type { RunEvent } from '../contract/events.js';
import type { TokenMessage } from '../ports.js';

/** What is said on a stream beside run events and live text. */
export type Notice =
  | { type: 'snapshot'; run: object }
  | { type: 'end'; status: string }
  | { type: 'dropped'; reason: string; message: string }
  | { type: 'heartbeat' };

/** How a stream is written. */
export interface Framing {
  contentType: string;
  event(event: RunEvent): string;
  notice(notice: Notice): string;
  live(message: TokenMessage): string;
  /** Asks the client to come again after this time. Empty where the format has no word for it. */
  comeAgain(afterMs: number): string;
}

/** Server-sent events. Only run events have an id: it is where a client resumes. */
export const SSE: Framing = {
  contentType: 'text/event-stream',
  event: (event) => block(event.type, jsonOf(event), event.id),
  notice: (notice) => {
    if (notice.type === 'heartbeat') return ': heartbeat\n\n';
    if (notice.type === 'snapshot') return block('snapshot', JSON.stringify(notice.run));
    const { type, ...data } = notice;
    return block(type, JSON.stringify(data));
  },
  live: (message) => once(sentLive, message, () => block(message.type, JSON.stringify(message))),
  comeAgain: (afterMs) => `retry: ${afterMs}\n\n`,
};

/** A JSON text a line, each with its `type`. */
export const NDJSON: Framing = {
  contentType: 'application/x-ndjson',
  event: (event) => `${jsonOf(event)}\n`,
  notice: (notice) => `${JSON.stringify(notice)}\n`,
  live: (message) => once(linesLive, message, () => `${JSON.stringify(message)}\n`),
  comeAgain: () => '',
};

function block(event: string, data: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}

/** Readers of one run get the same event objects: each is written as JSON once. */
const written = new WeakMap<RunEvent, string>();

function jsonOf(event: RunEvent): string {
  return once(written, event, () => stringify(event) ?? '');
}

/** And the same pieces of live text, which wait for those who read slowly: one text for all of them. */
const sentLive = new WeakMap<TokenMessage, string>();
const linesLive = new WeakMap<TokenMessage, string>();

function once<T extends object>(texts: WeakMap<T, string>, of: T, write: () => string): string {
  const known = texts.get(of);
  if (known !== undefined) return known;
  const text = write();
  texts.set(of, text);
  return text;
}

/** Most characters of live text that may wait for a reader. */
export const MAX_WAITING_CHARS = 1_000_000;

/** What is written to one reader: one thing after another, bounded, and never silent for long. */
export class Outbox {
  readonly #out: StreamingApi;
  readonly #heartbeat: { text: string; everyMs: number };
  readonly #stalledMs: number;
  #tail: Promise<unknown> = Promise.resolve();
  #waitingChars = 0;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(out: StreamingApi, heartbeat: { text: string; everyMs: number }, stalledMs: number) {
    this.#out = out;
    this.#heartbeat = heartbeat;
    this.#stalledMs = stalledMs;
    this.#beatLater();
  }

  /** Resolves when it is with the reader, or cannot be any more. A reader that takes nothing for too long is let go. */
  send(text: string): Promise<void> {
    this.#waitingChars += text.length;
    const sent = this.#tail.then(() => this.#write(text));
    this.#tail = sent;
    return sent;
  }

  /** Sends what is of use now or not at all. False: too much is waiting. */
  offer(text: string): boolean {
    if (this.#waitingChars > MAX_WAITING_CHARS) return false;
    void this.send(text);
    return true;
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  async #write(text: string): Promise<void> {
    if (this.#over) return;
    const stalled = setTimeout(() => this.#out.abort(), this.#stalledMs);
    await this.#out.write(text);
    clearTimeout(stalled);
    this.#waitingChars -= text.length;
    this.#beatLater();
  }

  #beatLater(): void {
    clearTimeout(this.#timer);
    if (this.#over) return;
    this.#timer = setTimeout(() => void this.send(this.#heartbeat.text), this.#heartbeat.everyMs);
  }
}
