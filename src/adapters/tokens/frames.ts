import type { Socket } from 'node:net';

/** Longest frame. Ours are a few hundred bytes; who sends more is no part of us. */
const MAX_FRAME_CHARS = 1_000_000;
/** What may wait for a peer that reads slowly; above it frames are lost, as they may be. */
const MAX_WAITING_BYTES = 4_000_000;

/** What goes over the channel, one JSON text a line. */
export type Frame =
  /** The first frame of each connection. */
  | { is: 'hello'; secret: string }
  | { is: 'sub' | 'unsub'; topic: string }
  /** From the hub: somebody, or nobody any more, listens to this. */
  | { is: 'wanted' | 'unwanted'; topic: string }
  | { is: 'message'; topic: string; message: unknown };

/** Sends a frame; `false`: it was left out, as the peer does not keep up. */
export function sendFrame(socket: Socket, frame: Frame): boolean {
  if (socket.destroyed || (frame.is === 'message' && socket.writableLength > MAX_WAITING_BYTES)) return false;
  socket.write(`${JSON.stringify(frame)}\n`);
  return true;
}

/** Hands each frame on; what is none ends the connection. */
export function readFrames(socket: Socket, onFrame: (frame: Frame) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_FRAME_CHARS) return void socket.destroy();
    for (const line of lines) {
      const frame = frameOf(line);
      if (!frame) return void socket.destroy();
      onFrame(frame);
      if (socket.destroyed) return;
    }
  });
}

function frameOf(line: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'is' in value ? (value as Frame) : undefined;
  } catch {
    return undefined;
  }
}
