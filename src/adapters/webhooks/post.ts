import { errors, request, type Dispatcher } from 'undici';
import { linkedSignal } from '../../contract/linked-signal.js';
import type { WebhookAttempt } from '../../ports.js';
import { guardedAgent, type Lookup } from '../net/guarded-agent.js';
import { retryAfterMs } from './schedule.js';
import { targetProblem } from './target.js';

/** Bytes of an answer that are read, and kept in the log. */
const ANSWER_BYTES = 1_024;

/** How receivers are called. */
export interface PostSettings {
  /** Private and loopback addresses too. */
  allowPrivate: boolean;
  /** Longest time of one try, its answer included. */
  timeoutMs: number;
  userAgent: string;
  /** How names are resolved. Absent: as the system does. */
  lookup?: Lookup | undefined;
}

/** A try, and when the receiver wants the next. */
export interface Posted {
  attempt: WebhookAttempt;
  retryAfterMs?: number;
}

class Refused extends Error {}

/** Sends a body to a receiver, once. Redirects are answers like any other. Rejects with the signal's reason only. */
export async function post(
  to: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  settings: PostSettings,
  stop: AbortSignal,
): Promise<Posted> {
  const url = new URL(to);
  const at = new Date().toISOString();
  const started = performance.now();
  const bounded = linkedSignal([stop], { ms: settings.timeoutMs });
  const agent = guardedAgent({
    problem: (address) => targetProblem(url.protocol, address, settings.allowPrivate),
    refused: (host, problem) => new Refused(`${host} leads to ${problem}`),
    lookup: settings.lookup,
  });
  const tried = () => ({ at, durationMs: Math.round(performance.now() - started) });
  try {
    const response = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { ...headers, 'user-agent': settings.userAgent, 'accept-encoding': 'identity' },
      body,
      signal: bounded.signal,
    });
    const answer = await beginningOf(response.body);
    stop.throwIfAborted();
    const wait = retryAfterMs([response.headers['retry-after'] ?? []].flat()[0], Date.now());
    return {
      attempt: { ...tried(), status: response.statusCode, ...(answer !== '' && { answer }) },
      ...(wait !== undefined && { retryAfterMs: wait }),
    };
  } catch (error) {
    stop.throwIfAborted();
    return { attempt: { ...tried(), error: inWords(error, bounded.signal.aborted, settings.timeoutMs) } };
  } finally {
    bounded.release();
    agent.destroy().catch(() => undefined);
  }
}

/** The beginning of an answer as a text. What else comes, and that it breaks off, does not matter: the status has been said. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES) break;
    }
  } catch {
    // What came is what there is.
  }
  body.on('error', () => undefined).destroy();
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString('utf8');
}

const WORDS: Record<string, string> = {
  ENOTFOUND: 'The name of the host is not known',
  EAI_AGAIN: 'The name of the host could not be looked up',
  ECONNREFUSED: 'The host refused the connection',
  ECONNRESET: 'The connection was cut before there was an answer',
  UND_ERR_SOCKET: 'The connection was cut before there was an answer',
  UND_ERR_CONNECT_TIMEOUT: 'The host could not be reached in time',
  UND_ERR_HEADERS_OVERFLOW: 'The headers of the answer are too large',
};

function inWords(error: unknown, timedOut: boolean, timeoutMs: number): string {
  const chain = causesOf(error);
  const refused = chain.find((one) => one instanceof Refused);
  if (refused) return refused.message;
  if (timedOut) return `No answer within ${timeoutMs / 1_000} s`;
  const codes = chain.flatMap((one) => (one as NodeJS.ErrnoException).code ?? []);
  const known = codes.find((code) => WORDS[code] !== undefined);
  if (known !== undefined) return WORDS[known] ?? known;
  if (chain.some((one) => one instanceof errors.HTTPParserError)) return 'The answer is not HTTP';
  return `The call failed${codes[0] === undefined ? '' : ` (${codes[0]})`}`;
}

function causesOf(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[...parts, error.cause].flatMap((one) => causesOf(one, depth + 1))];
}
