import { AsyncLocalStorage } from 'node:async_hooks';
import { isToolCallError } from '../../contract/tool-error.js';

/** Time that an answer has to come out of a stream that has ended, in which it was the last message. */
const SETTLE_MS = 1_000;
/** How often the SDK tries to resume a stream. */
export const MAX_RESUMES = 2;

/** The watch of the request that the code runs for: the SDK's later attempts to resume its stream included. */
const current = new AsyncLocalStorage<AnswerWatch>();

/**
 * Notices that the answer to one request over HTTP can no longer come. The SDK does not: a server that ends the stream
 * before it answered (it is going down, or a proxy cut it) leaves the request waiting until it times out.
 */
export class AnswerWatch {
  readonly #lost = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #resumable = false;
  #failedResumes = 0;
  #settled = false;

  /** The watch of the request that the caller's code runs for. */
  static get current(): AnswerWatch | undefined {
    return current.getStore();
  }

  /** Fires when the answer is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Makes the request within `work`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await current.run(this, work);
    } finally {
      this.#settled = true;
      clearTimeout(this.#timer);
    }
  }

  /** The server gave the stream an id: the SDK will resume it. */
  readonly resumable = (): void => {
    this.#resumable = true;
  };

  /** The answer is lost for this reason. */
  fail(reason: Error): void {
    this.#lost.abort(reason);
  }

  /** Passes a stream on and notices its end, of whatever kind. */
  async *follow<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* stream;
    } catch (error) {
      if (isToolCallError(error)) this.fail(error);
      throw error;
    } finally {
      if (!this.#resumable && !this.#settled) this.#timer = setTimeout(() => this.#lost.abort(), SETTLE_MS);
    }
  }

  /** An attempt to resume the stream gave none. `isFinal`: the SDK makes no other. */
  resumeFailed(isFinal = false): void {
    this.#failedResumes += 1;
    if (isFinal || this.#failedResumes >= MAX_RESUMES) this.#lost.abort();
  }
}
