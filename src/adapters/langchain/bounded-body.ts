import { ModelCallError } from '../../contract/model-error.js';
import { OpenEvent } from '../net/open-event.js';
import { tooLarge, type AnswerLimits } from './answer-limits.js';

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * The body of a stream of events, read as far as it is an answer: not for ever, not an event without an end (which the client
 * would keep in one piece, and copy with each piece that comes), and not where nothing comes any more.
 */
export function boundedStream(body: Body, limits: AnswerLimits): Body {
  return ReadableStream.from(withinStream(body, limits)) as unknown as Body;
}

async function* withinStream(body: Body, limits: AnswerLimits): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let lines = 0;
  const event = new OpenEvent();
  for await (const chunk of chunksOf(body, limits.idleMs)) {
    bytes += chunk.length;
    if (bytes > limits.bodyBytes) throw tooLarge(limits.bodyBytes, 'bytes');
    lines += linesIn(chunk);
    if (lines > limits.lines) throw tooLarge(limits.lines, 'lines');
    if (event.add(chunk) > limits.partBytes) throw tooLarge(limits.partBytes, 'bytes in one event');
    yield chunk;
  }
}

function linesIn(chunk: Uint8Array): number {
  let lines = 0;
  for (const byte of chunk) if (byte === LF || byte === CR) lines += 1;
  return lines;
}

const [LF, CR] = [10, 13];

/** A whole body, or an error where it has more bytes. @throws ModelCallError */
export async function wholeText(body: Body | null, { partBytes, idleMs }: AnswerLimits): Promise<string> {
  const { text, cut } = await beginningOf(body, partBytes, idleMs);
  if (cut) throw tooLarge(partBytes, 'bytes');
  return text;
}

/** The beginning of a body. The rest is not waited for. @throws ModelCallError where nothing comes any more */
export async function beginningOf(
  body: Body | null,
  maxBytes: number,
  idleMs: number,
): Promise<{ text: string; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  let cut = false;
  for await (const chunk of body ? chunksOf(body, idleMs) : []) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    cut = left < 0;
    if (cut) break;
  }
  return { text: Buffer.concat(chunks).toString('utf8'), cut };
}

/** The chunks of a body; lets go of it where its reader does. */
async function* chunksOf(body: Body, idleMs: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await soon(reader.read(), idleMs);
      if (done) return;
      yield value;
    }
  } finally {
    // Not waited for: the other side may not be there any more.
    reader.cancel().catch(() => undefined);
  }
}

async function soon<T>(work: Promise<T>, idleMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ModelCallError('timed_out', `nothing more came for ${idleMs} ms`));
    }, idleMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
