import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { chunk, END } from '../support/lying-endpoint.js';
import { answerTo, type Asked, type Said } from './answers.js';
import { found } from './crews.js';

/** How requests that come now are treated. `silent`: taken and never answered; `stalled`: the answer stops in the middle. */
export type ModelMood = 'well' | 'slow' | 'silent' | 'stalled';

/** A request to the model. Times are those of this machine, in ms. */
export interface SeenCall {
  /** Whose call: `<workflowId>/<activityId>`, the same for each attempt. */
  id: string;
  arrivedAt: number;
  /** When the last byte was sent, or the connection was lost. */
  endedAt?: number;
  /** `unanswered`: the model's own fault, so nothing was paid for. */
  outcome: 'open' | 'answered' | 'gone' | 'unanswered';
}

/** A use of a tool. */
export interface SeenUse {
  tool: string;
  /** The idempotency key of the call. */
  key: string;
}

/** The model and what tools reach, in the process that watches: nothing that is killed takes the counts with it. */
export interface CountingModel {
  /** Ends with `/v1`. */
  url: string;
  calls: readonly SeenCall[];
  uses: readonly SeenUse[];
  mood(mood: ModelMood): void;
  close(): Promise<void>;
}

/** So that there are calls in flight when something is killed. */
const PACE = { firstMs: 400, pieceMs: 150, pieces: 6 };
const SLOWER = 3;

/** Starts it on a free port of loopback. */
export async function startCountingModel(random: () => number): Promise<CountingModel> {
  const calls: SeenCall[] = [];
  const uses: SeenUse[] = [];
  let mood: ModelMood = 'well';
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const { pathname } = new URL(request.url ?? '', 'http://model');
      if (pathname === '/v1/chat/completions') {
        const call: SeenCall = {
          id: String(request.headers['x-client-request-id']),
          arrivedAt: Date.now(),
          outcome: 'open',
        };
        calls.push(call);
        await play(response, call, answerTo(body as Asked), mood, 0.5 + random());
      } else if (pathname.startsWith('/tools/')) {
        const { tag, task } = body as { tag: string; task: string };
        uses.push({ tool: pathname.slice('/tools/'.length), key: String(request.headers['idempotency-key']) });
        await pause(200 * random());
        response.end(JSON.stringify({ found: found(tag, task) }));
      } else response.writeHead(404).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    uses,
    mood: (next) => (mood = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Streams an answer. What became of the call is known before its last byte leaves, or as soon as the caller is gone. */
async function play(
  response: ServerResponse,
  call: SeenCall,
  said: Said,
  mood: ModelMood,
  pace: number,
): Promise<void> {
  const end = (outcome: SeenCall['outcome']) => {
    if (call.outcome !== 'open') return;
    call.outcome = outcome;
    call.endedAt = Date.now();
  };
  response.once('close', () => end(mood === 'well' ? 'gone' : 'unanswered'));
  if (mood === 'silent') return;
  const slower = mood === 'slow' ? SLOWER * pace : pace;
  await pause(PACE.firstMs * slower);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const all = chunksOf(said);
  for (const [at, one] of all.entries()) {
    if (mood === 'stalled' && at >= all.length / 2) return;
    if (response.closed) return;
    response.write(`data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`);
    if (at < all.length - END.length) await pause(PACE.pieceMs * slower);
  }
  if (!response.closed) end('answered');
  response.end();
}

function chunksOf(said: Said): unknown[] {
  if ('tool' in said) {
    const call = {
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: said.tool, arguments: JSON.stringify(said.arguments) },
    };
    return [chunk({ role: 'assistant', content: '' }), chunk({ tool_calls: [call] }), chunk({}, 'tool_calls'), ...END];
  }
  const size = Math.ceil(said.text.length / PACE.pieces);
  const pieces = Array.from({ length: PACE.pieces }, (_, at) => said.text.slice(at * size, (at + 1) * size));
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    ...END,
  ];
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}
