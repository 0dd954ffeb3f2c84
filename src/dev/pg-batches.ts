/** What a client of the Postgres protocol asks for, as far as a server has to tell it apart. */
export type Request =
  /** Whether the connection can be encrypted: to be answered by one letter. */
  | { kind: 'encryption' }
  /** Messages that have to run without another client's between them. `open`: and the next batch with them. */
  | { kind: 'batch'; bytes: Buffer; open: boolean }
  /** Nothing more will come. */
  | { kind: 'end' };

/** Codes in the place of a protocol version. Source: PostgreSQL, Message Formats. */
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

/** Messages at which the server answers: Query, Sync, FunctionCall, CopyDone, CopyFail; and Flush, within a batch. */
const ENDS = new Set(['Q', 'S', 'F', 'c', 'f']);
const FLUSH = 'H';
const TERMINATE = 'X';

const FIRST_HEADER_BYTES = 8;
const HEADER_BYTES = 5;
const MAX_FIRST_BYTES = 10_000;
const MAX_MESSAGE_BYTES = 256_000_000;

/** Cuts what a client sends, in whatever pieces it arrives, into requests. */
export class BatchReader {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes at the front that are whole messages of a batch that goes on. */
  #whole = 0;
  /** Bytes without which there is nothing to look at: a long message is put together once. */
  #needed = FIRST_HEADER_BYTES;
  #started = false;

  /** @throws Error where these are no messages */
  push(chunk: Buffer): Request[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const requests: Request[] = [];
    while (this.#size >= this.#needed) {
      const request = this.#started ? this.#next() : this.#first();
      if (request) requests.push(request);
    }
    return requests;
  }

  /** The first message has no letter before its length. */
  #first(): Request | undefined {
    const bytes = this.#bytes();
    const length = bytes.readInt32BE(0);
    if (length < FIRST_HEADER_BYTES || length > MAX_FIRST_BYTES) throw new Error(`a first message of ${length} bytes`);
    if (!this.#holds(length)) return undefined;
    const code = bytes.readInt32BE(4);
    const message = this.#take(length);
    this.#needed = FIRST_HEADER_BYTES;
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'encryption' };
    if (code === CANCEL_REQUEST) return { kind: 'end' };
    this.#started = true;
    this.#needed = HEADER_BYTES;
    return { kind: 'batch', bytes: message, open: false };
  }

  #next(): Request | undefined {
    const bytes = this.#bytes();
    const letter = String.fromCharCode(bytes.readUInt8(this.#whole));
    const length = bytes.readInt32BE(this.#whole + 1);
    if (length < 4 || length > MAX_MESSAGE_BYTES) throw new Error(`a message of ${length} bytes`);
    if (!this.#holds(this.#whole + 1 + length)) return undefined;
    this.#whole += 1 + length;
    this.#needed = this.#whole + HEADER_BYTES;
    if (letter !== FLUSH && letter !== TERMINATE && !ENDS.has(letter)) return undefined;
    const batch = this.#take(this.#whole);
    this.#whole = 0;
    this.#needed = HEADER_BYTES;
    return letter === TERMINATE ? { kind: 'end' } : { kind: 'batch', bytes: batch, open: letter === FLUSH };
  }

  #holds(bytes: number): boolean {
    this.#needed = bytes;
    return this.#size >= bytes;
  }

  #bytes(): Buffer {
    if (this.#chunks.length > 1) this.#chunks.splice(0, Infinity, Buffer.concat(this.#chunks));
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #take(length: number): Buffer {
    const bytes = this.#bytes();
    this.#chunks.splice(0, Infinity, bytes.subarray(length));
    this.#size -= length;
    return bytes.subarray(0, length);
  }
}
