import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the endpoint sends: chunks as server-sent events, or a body as it is. */
export interface Lie {
  status?: number;
  headers?: Record<string, string>;
  /** Each is sent as `data: …`; a text as it is, anything else as JSON. */
  events?: unknown[];
  body?: string;
}

/** A request as it came. */
export interface SeenRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: {
    model: string;
    messages: Record<string, unknown>[];
    tools?: { function: { name: string; description: string; parameters: object } }[];
    tool_choice?: unknown;
    response_format?: { type: string; json_schema?: { name: string; schema: object; strict: boolean } };
    max_tokens?: number;
    max_completion_tokens?: number;
    temperature?: number;
    stream_options?: object;
  };
}

export interface LyingEndpoint {
  /** Ends with `/v1`. */
  url: string;
  seen: SeenRequest[];
  close(): Promise<void>;
}

/** A model endpoint that sends exactly these, one a request, however wrong they are; the last one again and again. */
export async function startLyingEndpoint(...lies: Lie[]): Promise<LyingEndpoint> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as SeenRequest['body'];
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      const { status = 200, headers, events, body: text = '' } = lies[Math.min(seen.length, lies.length) - 1] ?? {};
      response.writeHead(status, { 'content-type': events ? 'text/event-stream' : 'application/json', ...headers });
      for (const event of events ?? []) {
        response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
      }
      response.end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A chunk of a stream with this delta. */
export function chunk(delta: unknown, finishReason: string | null = null): object {
  return { id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason: finishReason }] }; // prettier-ignore
}

/** The chunk with the usage, and the end. */
export const END = [
  { id: 'c', object: 'chat.completion.chunk', model: 'm', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }, // prettier-ignore
  '[DONE]',
];
