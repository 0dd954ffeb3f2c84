import { request, type Agent, type Dispatcher } from 'undici';
import { ToolCallError } from '../../../contract/tool-error.js';
import { hostsInWords, isAllowed, type AllowedHost } from './allow-list.js';
import type { HeadersFor } from './secret-headers.js';

const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Headers that may go to another origin; all others, which may carry secrets, stay behind. */
const FOR_ANYBODY = ['accept', 'accept-language', 'content-type', 'user-agent', 'idempotency-key'];
const OF_THE_BODY = ['content-type', 'content-encoding', 'content-language'];

/** One request, as it goes out. Names of headers in lower case. */
export interface Outgoing {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

/** The last answer: of the address that redirects led to. */
export interface Answer {
  url: URL;
  response: Dispatcher.ResponseData;
}

/** What requests are made with. */
export interface ExchangeOptions {
  agent: Agent;
  allow: readonly AllowedHost[];
  signal: AbortSignal;
  headersFor: HeadersFor;
}

/**
 * Makes a request and follows up to 5 redirects, each checked as the first address was.
 * @throws ToolCallError, and what the client throws
 */
export async function exchange(outgoing: Outgoing, options: ExchangeOptions): Promise<Answer> {
  let { url, now } = { url: checkedUrl(outgoing.url, options.allow), now: outgoing };
  for (let redirects = 0; ; redirects++) {
    const headers = options.headersFor(now.headers, url, redirects > 0);
    const response = await send(url, { ...now, headers }, options);
    const location = response.headers.location;
    if (!REDIRECTS.includes(response.statusCode) || typeof location !== 'string') return { url, response };
    response.body.on('error', () => undefined).destroy();
    if (redirects === MAX_REDIRECTS) {
      throw new ToolCallError('failed', `${outgoing.url} redirects more than ${MAX_REDIRECTS} times`);
    }
    const next = checkedUrl(location, options.allow, url);
    now = redirected(now, response.statusCode, next.origin === url.origin);
    url = next;
  }
}

function send(url: URL, { method, headers, body }: Outgoing, { agent, signal }: ExchangeOptions) {
  return request(url, {
    dispatcher: agent,
    method,
    headers,
    signal,
    ...(body !== undefined && { body }),
  });
}

/** The request as it is made again: with what browsers keep of it. */
function redirected({ method, headers, body, url }: Outgoing, status: number, sameOrigin: boolean): Outgoing {
  const asGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  const kept = Object.entries(headers).filter(
    ([name]) => (sameOrigin || FOR_ANYBODY.includes(name)) && !(asGet && OF_THE_BODY.includes(name)),
  );
  return {
    method: asGet ? 'GET' : method,
    url,
    headers: Object.fromEntries(kept),
    ...(body !== undefined && !asGet && { body }),
  };
}

/**
 * The URL, if it may be called. Numbers in other writings (`http://2130706433`) come out as the addresses that they are.
 * @throws ToolCallError `invalid_arguments`, `refused`
 */
function checkedUrl(text: string, allow: readonly AllowedHost[], base?: URL): URL {
  const shown = text.length <= 200 ? text : `${text.slice(0, 200)}…`;
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new ToolCallError('invalid_arguments', `url: '${shown}' is no URL; write it in full, with https://`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ToolCallError('refused', `${shown}: only http and https may be called`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ToolCallError('refused', 'A URL with a user name or a password in it may not be called');
  }
  if (isAllowed(allow, url)) return url;
  throw new ToolCallError(
    'refused',
    `${base ? 'A redirect leads to' : 'This tool may not call'} ${url.host}${base ? ', which this tool may not call' : ''}. It may call: ${hostsInWords(allow)}.`,
  );
}
