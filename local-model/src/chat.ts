import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { Completion, type AnswerPart } from './completion.js';
import type { Engine, Slot } from './engine.js';
import { ApiError, internalError, invalidRequest } from './errors.js';
import { QueueFullError, type Lease, type SlotQueue } from './queue.js';
import { parseChatRequest, type ChatRequest } from './request.js';
import type { Stats, TrackedRequest } from './stats.js';
import { wireChunk, wireCompletion, wireDelta, wireUsage, wireUsageChunk, type Envelope } from './wire.js';

export interface ChatDeps {
  engine: Engine;
  queue: SlotQueue<Slot>;
  stats: Stats;
  /** The name that the model is served under. */
  modelId: string;
  /** Aborts when the process shuts down. */
  shutdown: AbortSignal;
  /** Where failures that are not the caller's are told. */
  logError: (error: unknown) => void;
}

/** Answers `POST /v1/chat/completions`. */
export async function chat(c: Context, deps: ChatDeps): Promise<Response> {
  const tracked = deps.stats.received(c.req.header('x-client-request-id') ?? null);
  const signal = AbortSignal.any([c.req.raw.signal, deps.shutdown]);
  try {
    const request = parseChatRequest(await jsonBody(c));
    if (request.model !== deps.modelId) throw unknownModel(request.model, deps.modelId);
    const completion = await Completion.prepare(deps.engine, request);
    tracked.promptTokens = completion.promptTokens;
    const lease = await waitForSlot(deps.queue, signal);
    tracked.become('running');
    const answer = new Answer(deps, request, completion, lease, tracked, signal);
    return request.stream ? answer.stream(c) : await answer.whole(c);
  } catch (error) {
    settle(tracked, error, signal);
    throw error;
  }
}

/** An answer being made in a slot, which is given back at its end. */
class Answer {
  readonly #deps: ChatDeps;
  readonly #request: ChatRequest;
  readonly #completion: Completion;
  readonly #lease: Lease<Slot>;
  readonly #tracked: TrackedRequest;
  readonly #signal: AbortSignal;
  readonly #envelope: Envelope;

  constructor(
    deps: ChatDeps,
    request: ChatRequest,
    completion: Completion,
    lease: Lease<Slot>,
    tracked: TrackedRequest,
    signal: AbortSignal,
  ) {
    this.#deps = deps;
    this.#request = request;
    this.#completion = completion;
    this.#lease = lease;
    this.#tracked = tracked;
    this.#signal = signal;
    this.#envelope = {
      id: `chatcmpl-${randomUUID()}`,
      created: Math.floor(Date.now() / 1000),
      model: deps.modelId,
      system_fingerprint: 'demo-model',
    };
  }

  async whole(c: Context): Promise<Response> {
    const parts: AnswerPart[] = [];
    const finish = await this.#run((part) => void parts.push(part));
    return c.json(wireCompletion(this.#envelope, parts, finish, this.#usage()));
  }

  stream(c: Context): Response {
    return streamSSE(c, async (stream) => {
      const send = (data: object) => stream.writeSSE({ data: JSON.stringify(data) });
      try {
        await send(wireChunk(this.#envelope, { role: 'assistant', content: '' }));
        const finish = await this.#run((part) => send(wireChunk(this.#envelope, wireDelta(part))));
        await send(wireChunk(this.#envelope, {}, finish));
        if (this.#request.includeUsage) await send(wireUsageChunk(this.#envelope, this.#usage()));
        await stream.writeSSE({ data: '[DONE]' });
      } catch (error) {
        settle(this.#tracked, error, this.#signal);
        if (this.#signal.aborted) return;
        this.#deps.logError(error);
        await send(internalError().body());
      } finally {
        this.#lease.release();
      }
    });
  }

  /** Counts the request as completed before the last byte of the answer leaves, so that no reader finds it uncounted. */
  async #run(emit: (part: AnswerPart) => void | Promise<void>) {
    try {
      const finish = await this.#completion.run(this.#lease.slot, emit, this.#signal);
      this.#count();
      this.#tracked.become('completed');
      return finish;
    } finally {
      this.#count();
      this.#lease.release();
    }
  }

  #count(): void {
    this.#tracked.promptTokens = this.#completion.promptTokens;
    this.#tracked.completionTokens = this.#completion.completionTokens;
  }

  #usage() {
    return wireUsage(this.#completion.promptTokens, this.#completion.completionTokens);
  }
}

async function waitForSlot(queue: SlotQueue<Slot>, signal: AbortSignal): Promise<Lease<Slot>> {
  try {
    return await queue.acquire(signal);
  } catch (error) {
    if (!(error instanceof QueueFullError)) throw error;
    throw new ApiError(429, 'requests', `The demo model is busy: ${error.message}. Try again shortly.`, {
      code: 'rate_limit_exceeded',
      headers: { 'Retry-After': '5' },
    });
  }
}

async function jsonBody(c: Context): Promise<unknown> {
  const text = await c.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalidRequest('The body is not valid JSON.');
  }
}

function unknownModel(asked: string, served: string): ApiError {
  const message = `The model ${JSON.stringify(asked.slice(0, 100))} does not exist here. This endpoint serves ${served}.`;
  return invalidRequest(message, { param: 'model', code: 'model_not_found' }, 404);
}

function settle(tracked: TrackedRequest, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) tracked.become('cancelled');
  else tracked.become(error instanceof ApiError ? 'rejected' : 'failed');
}
