import { statusOf } from './errors.js';

/** An answer in one piece is short beside this; more is no answer. */
const MAX_BODY_CHARS = 20_000_000;

/**
 * `fetch` for endpoints that answer 200 with something else than a stream: an error, which becomes the status it should
 * have had; an answer in one piece, which becomes a stream of one chunk. A web page is an answer by nobody.
 */
export const answerFetch: typeof fetch = async (input, init) => {
  // Followed, a redirect takes headers with keys in them to wherever it leads.
  const response = await fetch(input, { ...init, redirect: 'manual' });
  if (response.status >= 300 && response.status < 400) {
    const message = 'a redirect came instead of an answer: configure the address that it leads to';
    return errorResponse(502, { message, code: 'bad_response' }, response);
  }
  const type = response.headers.get('content-type')?.toLowerCase() ?? '';
  if (!response.ok || /event-stream/.test(type) || !/json|html/.test(type)) return response;
  const body = (await response.text()).slice(0, MAX_BODY_CHARS);
  const value = type.includes('html') ? undefined : parse(body);
  if (value === undefined) {
    const what = type.includes('html') ? 'a web page' : 'a body that is no JSON';
    return errorResponse(502, { message: `${what} came instead of an answer`, code: 'bad_response' }, response);
  }
  const { error } = value as { error?: unknown };
  if (error !== undefined && error !== null) return errorResponse(statusOf(error) ?? 502, error, response);
  const headers = { 'content-type': 'text/event-stream' };
  return new Response(`data: ${JSON.stringify(value)}\n\ndata: [DONE]\n\n`, { status: 200, headers });
};

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
