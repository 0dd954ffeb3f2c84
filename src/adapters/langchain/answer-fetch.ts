import { ANSWER_LIMITS, type AnswerLimits } from './answer-limits.js';
import { beginningOf, boundedStream, wholeText } from './bounded-body.js';
import { statusOf } from './errors.js';

/**
 * `fetch` for endpoints that answer 200 with something else than a stream: an error, which becomes the status it should
 * have had; an answer in one piece, which becomes a stream of one chunk. A web page is an answer by nobody. No body is read
 * beyond the limits.
 */
export function answerFetch(limits: AnswerLimits = ANSWER_LIMITS): typeof fetch {
  return async (input, init) => {
    // Followed, a redirect takes headers with keys in them to wherever it leads.
    const response = await fetch(input, { ...init, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      response.body?.cancel().catch(() => undefined);
      const message = 'a redirect came instead of an answer: configure the address that it leads to';
      return errorResponse(502, { message, code: 'bad_response' }, response);
    }
    if (!response.ok) return refusal(response, limits);
    const type = response.headers.get('content-type')?.toLowerCase() ?? '';
    if (/event-stream/.test(type) || !/json|html/.test(type)) return streamed(response, limits);
    if (type.includes('html')) {
      response.body?.cancel().catch(() => undefined);
      const message = 'a web page came instead of an answer';
      return errorResponse(502, { message, code: 'bad_response' }, response);
    }
    return inOnePiece(response, limits);
  };
}

/** An error, whose body the client reads to its end. */
async function refusal(response: Response, { errorBytes, idleMs }: AnswerLimits): Promise<Response> {
  const { text } = await beginningOf(response.body, errorBytes, idleMs).catch(() => ({ text: '' }));
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const name of ['content-length', 'content-encoding']) headers.delete(name);
  return new Response(text, { status, statusText, headers });
}

function streamed(response: Response, limits: AnswerLimits): Response {
  if (!response.body) return response;
  const { status, statusText, headers } = response;
  return new Response(boundedStream(response.body, limits), { status, statusText, headers });
}

async function inOnePiece(response: Response, limits: AnswerLimits): Promise<Response> {
  const value = parse(await wholeText(response.body, limits));
  if (value === undefined) {
    const message = 'a body that is no JSON came instead of an answer';
    return errorResponse(502, { message, code: 'bad_response' }, response);
  }
  const { error } = value as { error?: unknown };
  if (error !== undefined && error !== null) return errorResponse(statusOf(error) ?? 502, error, response);
  const headers = { 'content-type': 'text/event-stream' };
  return new Response(`data: ${JSON.stringify(value)}\n\ndata: [DONE]\n\n`, { status: 200, headers });
}

function errorResponse(status: number, error: unknown, { headers: said }: Response): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = said.get(name);
    if (value !== null) headers.set(name, value);
  }
  const body = { error: typeof error === 'string' ? { message: error } : error };
  return new Response(JSON.stringify(body), { status, headers });
}

function parse(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
