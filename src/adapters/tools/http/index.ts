import { STATUS_CODES } from 'node:http';
import { errors } from 'undici';
import { z } from 'zod';
import { defineTool, type ToolContext } from '../../../authoring/define.js';
import { messageOf } from '../../../authoring/run-tool.js';
import { isToolCallError, ToolCallError } from '../../../contract/tool-error.js';
import { noSecrets, type Secrets } from '../../secrets/secrets.js';
import { addressProblem } from '../../net/addresses.js';
import { guardedAgent, type Lookup } from '../../net/guarded-agent.js';
import { hostsInWords, type AllowedHost } from './allow-list.js';
import { decoded, isText, looksLikeText, mediaType, readBody } from './body.js';
import { exchange, type Answer, type Outgoing } from './exchange.js';
import { outgoingHeaders } from './headers.js';
import { secretHeaders } from './secret-headers.js';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];
const MAX_REQUEST_CHARS = 1_000_000;
/** What a model can use of an answer's headers. */
const SHOWN_HEADERS = ['content-type', 'location', 'retry-after', 'link', 'etag', 'last-modified'];
/** Nothing has reached the server where a request fails with one of these. */
const NOT_CONNECTED = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** How the operator lets agents call the web. */
export interface HttpToolSettings {
  /** The hosts that may be called. */
  allow: readonly AllowedHost[];
  /** True: also where they have private or loopback addresses. */
  allowPrivate: boolean;
  /** Longest answer that is read; the rest is cut. */
  maxBytes: number;
  /** Longest time of one call, redirects included. */
  timeoutMs: number;
  /** How names are resolved. Absent: as the system does. */
  lookup?: Lookup;
  /** What references in headers stand for. Absent: nothing. */
  secrets?: Secrets;
}

/** `http_request`: calls web addresses that the operator allows. */
export function httpRequestTool(settings: HttpToolSettings) {
  return defineTool({
    name: 'http_request',
    description:
      'Calls a web address and gives the status and the text of the answer. ' +
      `Only these hosts may be called: ${hostsInWords(settings.allow)}.`,
    input: z.object({
      url: z.string().trim().min(1).describe('The address in full, for example https://example.com/data.json'),
      method: z.enum(METHODS).default('GET').describe('GET to read.'),
      headers: z.record(z.string(), z.string()).optional().describe('Headers, for example {"accept": "text/csv"}'),
      body: z
        .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
        .optional()
        .describe('What to send with POST, PUT or PATCH: a text, or an object that is sent as JSON.'),
    }),
    timeoutMs: settings.timeoutMs,
    async run({ url, method, headers, body }, context) {
      const payload = payloadOf(body);
      if (payload.text !== undefined && SAFE_METHODS.includes(method)) {
        throw new ToolCallError('invalid_arguments', `body: ${method} sends none; use POST, or leave it out`);
      }
      const outgoing: Outgoing = {
        method,
        url,
        headers: outgoingHeaders(headers ?? {}, {
          ...(payload.type !== undefined && { 'content-type': payload.type }),
          ...(!SAFE_METHODS.includes(method) && { idempotencyKey: context.idempotencyKey }),
        }),
        ...(payload.text !== undefined && { body: payload.text }),
      };
      return call(outgoing, settings, context);
    },
  });
}

function payloadOf(body: unknown): { text?: string; type?: string } {
  if (body === undefined || body === '') return {};
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text.length > MAX_REQUEST_CHARS) {
    throw new ToolCallError('refused', `body: at most ${MAX_REQUEST_CHARS} characters are sent, not ${text.length}`);
  }
  return { text, type: typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json' };
}

async function call(outgoing: Outgoing, settings: HttpToolSettings, { signal, tenant }: ToolContext): Promise<string> {
  const agent = guardedAgent({
    problem: (address) => addressProblem(address, settings.allowPrivate),
    refused: (host, problem) => new ToolCallError('refused', `${host} leads to ${problem}: this tool may not call it`),
    lookup: settings.lookup,
  });
  try {
    const headersFor = secretHeaders(settings.secrets ?? noSecrets(), tenant);
    const answer = await exchange(outgoing, { agent, allow: settings.allow, signal, headersFor });
    return await inWords(answer, settings.maxBytes);
  } catch (error) {
    signal.throwIfAborted();
    throw asToolError(error, outgoing);
  } finally {
    void agent.destroy();
  }
}

async function inWords({ url, response }: Answer, maxBytes: number): Promise<string> {
  const { statusCode, headers, body } = response;
  const header = (name: string) => [headers[name] ?? ''].flat().join(', ');
  const type = header('content-type');
  const lines = [`HTTP ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trim(), `url: ${url.href}`];
  lines.push(...SHOWN_HEADERS.filter((name) => header(name) !== '').map((name) => `${name}: ${header(name)}`));
  const head = lines.join('\n');
  if (isText(type) === false) {
    body.on('error', () => undefined).destroy();
    return `${head}\n\n[Not a text but ${mediaType(type)}${sizeInWords(header('content-length'))}: not shown.]`;
  }
  const read = await readBody(body, header('content-encoding'), maxBytes);
  if (!looksLikeText(read.bytes)) return `${head}\n\n[Not a text: not shown.]`;
  const text = decoded(read, type);
  return `${head}\n\n${text}${read.cut ? `\n[Cut after ${maxBytes} bytes${sizeInWords(header('content-length'))}.]` : ''}`;
}

function sizeInWords(contentLength: string): string {
  return /^\d+$/.test(contentLength) ? ` (${contentLength} bytes were sent)` : '';
}

/** What went wrong, in the port's words. An answer that was lost on the way may have been acted on: that is said, not retried. */
function asToolError(error: unknown, { method, url }: Outgoing): ToolCallError {
  const chain = causesOf(error);
  const own = chain.find(isToolCallError);
  if (own) return own;
  const codes = chain.map((one) => String((one as NodeJS.ErrnoException).code));
  const what = `${method} ${url.slice(0, 200)} failed: ${messageOf(chain.at(-1) ?? error)}`;
  if (codes.some((code) => NOT_CONNECTED.includes(code)))
    return new ToolCallError('unavailable', what, { cause: error });
  if (chain.some((one) => one instanceof errors.InvalidArgumentError)) {
    return new ToolCallError('invalid_arguments', what, { cause: error });
  }
  const lost = codes.some((code) =>
    /^(ECONN|EPIPE|ETIMEDOUT|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT|ABORTED))/.test(code),
  );
  if (!lost) return new ToolCallError('failed', what, { cause: error });
  return SAFE_METHODS.includes(method)
    ? new ToolCallError('unavailable', what, { cause: error })
    : new ToolCallError('failed', `${what}. Whether it was done is not known.`, { cause: error });
}

/** An error and what caused it, the parts of several (one for each address that was tried) included. */
function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  const add = (one: unknown): void => {
    if (one == null || chain.includes(one) || chain.length > 10) return;
    chain.push(one);
    if (one instanceof AggregateError) one.errors.forEach(add);
    if (one instanceof Error) add(one.cause);
  };
  add(error);
  return chain;
}
