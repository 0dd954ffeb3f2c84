import { ErrorCode, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { MAX_MESSAGE_BYTES, TOO_LONG } from './message-bounds.js';

/** What is read past of one line, at most: a server that writes on is no server. */
const MAX_SKIPPED_BYTES = 500_000_000;
/** Of a line that is too long, what tells which request it answers: ids stand at one of its ends. */
const ENDS_BYTES = 200;
const LINE_END = 10;

/**
 * The lines of a server's output, a message each. One that is too long is not kept: what it answers is answered with an error in its
 * place, so that the call ends, and the server goes on for all others.
 */
export class MessageLines {
  readonly #onLine: (line: string) => void;
  readonly #onMessage: (message: JSONRPCMessage) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #head: Buffer | undefined;
  #tail = Buffer.alloc(0);

  constructor(onLine: (line: string) => void, onMessage: (message: JSONRPCMessage) => void) {
    this.#onLine = onLine;
    this.#onMessage = onMessage;
  }

  /** @throws Error where a line has no end */
  add(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      this.#take(chunk.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    this.#take(chunk.subarray(from));
  }

  #take(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#bytes += piece.length;
    if (this.#bytes > MAX_SKIPPED_BYTES) throw new Error(`A line of more than ${MAX_SKIPPED_BYTES} bytes`);
    if (this.#bytes <= MAX_MESSAGE_BYTES) {
      this.#chunks.push(piece);
      return;
    }
    this.#head ??= Buffer.from(Buffer.concat([...this.#chunks, piece]).subarray(0, ENDS_BYTES));
    this.#chunks = [];
    this.#tail = Buffer.from(Buffer.concat([this.#tail, piece.subarray(-ENDS_BYTES)]).subarray(-ENDS_BYTES));
  }

  #finish(): void {
    const [head, tail] = [this.#head, this.#tail];
    const line = head ? '' : Buffer.concat(this.#chunks).toString('utf8').replace(/\r$/, '');
    this.#chunks = [];
    this.#bytes = 0;
    this.#head = undefined;
    this.#tail = Buffer.alloc(0);
    if (!head) {
      this.#onLine(line);
      return;
    }
    const id = idIn(head.toString('latin1'), tail.toString('latin1'));
    if (id === undefined) return;
    this.#onMessage({ jsonrpc: '2.0', id, error: { code: ErrorCode.InternalError, message: TOO_LONG } });
  }
}

/** The id of a message of which the two ends are known. */
function idIn(head: string, tail: string): number | undefined {
  const found =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*[,}]/.exec(head) ??
    /"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  return found ? Number(found[1]) : undefined;
}
