import { ToolCallError } from '../../contract/tool-error.js';
import { OpenEvent } from '../net/open-event.js';

/** Longest message of a server, in bytes: it is kept whole, and read as JSON in one go. */
export const MAX_MESSAGE_BYTES = 10_000_000;
/** What is read of the body of an error, which is not shown. */
const ERROR_BYTES = 64_000;

/** In words for the model: it may ask for less. */
export const TOO_LONG = `The MCP server answered with more than ${MAX_MESSAGE_BYTES} bytes, which is too much: ask for less`;

type Chunks = AsyncIterable<Uint8Array>;

/** The body of one message. @throws ToolCallError where it is too long */
export async function* boundedMessage(body: Chunks): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_MESSAGE_BYTES) throw new ToolCallError('failed', TOO_LONG);
    yield chunk;
  }
}

/** A stream of messages, which may go on for as long as it likes. @throws ToolCallError where one of them is too long */
export async function* boundedMessages(body: Chunks): AsyncGenerator<Uint8Array> {
  const event = new OpenEvent();
  for await (const chunk of body) {
    if (event.add(chunk) > MAX_MESSAGE_BYTES) throw new ToolCallError('failed', TOO_LONG);
    yield chunk;
  }
}

/** The beginning of an error's body. */
export async function* beginning(body: Chunks): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    yield chunk;
    bytes += chunk.length;
    if (bytes > ERROR_BYTES) return;
  }
}
