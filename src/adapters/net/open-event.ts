/** The event of an SSE stream that has begun and not ended: what reads the stream keeps it in memory until it does. */
export class OpenEvent {
  #bytes = 0;
  /** An end may lie across two chunks. */
  #tail = Buffer.alloc(0);

  /** Bytes of it after this chunk of the stream. */
  add(chunk: Uint8Array): number {
    const text = Buffer.concat([this.#tail, chunk]);
    const end = Math.max(...ENDS.map((mark) => text.lastIndexOf(mark)));
    this.#bytes = end < 0 ? this.#bytes + chunk.length : text.length - end;
    this.#tail = text.subarray(-3);
    return this.#bytes;
  }
}

const ENDS = ['\n\n', '\r\n\r\n', '\r\r'];
