import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { completionBody, completionChunks, completionOf, errorBody, type CompletionRequest } from './openai.js';
import type { CallOutcome, RecordedCall } from './player.js';
import type { Answer } from './script.js';

/**
 * Plays one answer on a raw Node response, because a cut, a hang and half a body cannot be said with a fetch `Response`.
 * Sets `call.outcome` when it is known: before the last byte is sent, or as soon as the client is gone.
 */
export async function respond(
  response: ServerResponse,
  request: CompletionRequest,
  call: RecordedCall,
  answer: Answer | undefined,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    if (call.outcome === 'in_flight') call.outcome = 'aborted';
    gone.abort();
  });
  if (answer?.delay_ms) await sleep(answer.delay_ms, undefined, { signal: gone.signal }).catch(() => undefined);
  if (gone.signal.aborted || answer?.hang) return;

  if (answer && isSlow(answer, request)) return sendSlowly(response, request, call, answer, gone.signal);
  // Recorded first: a client that has the answer must never read `in_flight` in the record.
  call.outcome = outcomeOf(answer);
  if (!answer) {
    const message = `The script has no answer left for call ${call.n} (model ${call.model}): "${lastLine(request)}"`;
    sendJson(response, 400, errorBody(400, message, 'script_exhausted'));
  } else if (answer.rate_limit) {
    response.setHeader('retry-after', String(answer.rate_limit.retry_after_seconds));
    const message = `Rate limit reached. Please try again in ${answer.rate_limit.retry_after_seconds}s.`;
    sendJson(response, 429, errorBody(429, message, 'rate_limit_exceeded'));
  } else if (answer.error) {
    const { status, message, code } = answer.error;
    sendJson(response, status, errorBody(status, message, code));
  } else if (request.stream) {
    sendStream(response, request, call, answer);
  } else {
    sendBody(response, request, call, answer);
  }
}

function outcomeOf(answer: Answer | undefined): CallOutcome {
  if (!answer) return 'exhausted';
  if (answer.rate_limit) return 'rate_limited';
  if (answer.error) return 'error';
  if (answer.malformed) return 'malformed';
  return answer.cut_after_chars === undefined ? 'answered' : 'cut';
}

function isSlow(answer: Answer, { stream }: CompletionRequest): boolean {
  return stream === true && answer.chunk_delay_ms > 0 && ['answered', 'cut'].includes(outcomeOf(answer));
}

/** A stream with pauses. What became of it is known before its last chunk, unless the client goes away in a pause. */
async function sendSlowly(
  response: ServerResponse,
  request: CompletionRequest,
  call: RecordedCall,
  answer: Answer,
  gone: AbortSignal,
): Promise<void> {
  const lines = [...streamLines(request, call, answer)];
  startStream(response);
  for (const [at, line] of lines.entries()) {
    if (at > 0) await sleep(answer.chunk_delay_ms, undefined, { signal: gone }).catch(() => undefined);
    if (gone.aborted) return;
    if (at === lines.length - 1) call.outcome = outcomeOf(answer);
    response.write(line);
  }
  endStream(response, answer);
}

function sendStream(response: ServerResponse, request: CompletionRequest, call: RecordedCall, answer: Answer): void {
  startStream(response);
  if (answer.malformed) {
    response.end('data: {"id": "chatcmpl-scripted", "choices": [{"delta": {"content": "half a\n\ndata: [DONE]\n\n');
    return;
  }
  for (const line of streamLines(request, call, answer)) response.write(line);
  endStream(response, answer);
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
}

/** All but the end. */
function streamLines(request: CompletionRequest, call: RecordedCall, answer: Answer): string[] {
  const cutAfterChars = answer.cut_after_chars;
  const includeUsage = request.stream_options?.include_usage === true;
  const completion = completionOf(answer, request, call.n);
  // As providers do that report while they write, where the script says what.
  const usageBeforeCut = cutAfterChars !== undefined && answer.usage !== undefined;
  if (includeUsage && (cutAfterChars === undefined || usageBeforeCut)) call.usage = completion.usage;
  const chunks = completionChunks(completion, {
    includeUsage,
    cutAfterChars,
    usageBeforeCut: includeUsage && usageBeforeCut,
  });
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
}

function endStream(response: ServerResponse, { cut_after_chars: cutAfterChars }: Answer): void {
  if (cutAfterChars === undefined) response.end('data: [DONE]\n\n');
  else cut(response);
}

function sendBody(response: ServerResponse, request: CompletionRequest, call: RecordedCall, answer: Answer): void {
  const completion = completionOf(answer, request, call.n);
  if (answer.malformed) {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "chatcmpl-scripted", "choices": [');
  } else if (answer.cut_after_chars === undefined) {
    call.usage = completion.usage;
    sendJson(response, 200, completionBody(completion));
  } else {
    const body = JSON.stringify(completionBody(completion));
    const spoken = JSON.stringify(completion.text);
    const sent = body.slice(0, body.indexOf(spoken) + 1 + answer.cut_after_chars);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.write(sent);
    cut(response);
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Ends the connection in the middle of the response, after what was written has left. */
function cut(response: ServerResponse): void {
  response.write('', () => response.destroy());
}

function lastLine(request: CompletionRequest): string {
  const content = request.messages.at(-1)?.content;
  const line = (typeof content === 'string' ? content : (JSON.stringify(content) ?? '')).trim().split('\n')[0] ?? '';
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
