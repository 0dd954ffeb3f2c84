import { timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { readFrames, sendFrame, type Frame } from './frames.js';

/** How long a connection may take to say who it is. */
const HELLO_MS = 5_000;

/** Where workers and gateways of one machine meet. */
export interface TokenHub {
  /** On 127.0.0.1. */
  port: number;
  close(): Promise<void>;
}

/**
 * Starts the hub of the loopback channel: it passes messages on to who subscribed, and tells all which runs somebody listens
 * to, so that workers send nothing else. It keeps nothing. Whoever does not begin with the secret is cut off.
 */
export async function startTokenHub(secret: string): Promise<TokenHub> {
  const peers = new Set<Socket>();
  const known = new Set<Socket>();
  const topics = new Map<string, Set<Socket>>();
  const toAll = (frame: Frame) => known.forEach((peer) => sendFrame(peer, frame));
  const leave = (topic: string, socket: Socket) => {
    const subscribed = topics.get(topic);
    if (!subscribed?.delete(socket) || subscribed.size > 0) return;
    topics.delete(topic);
    toAll({ is: 'unwanted', topic });
  };
  const take = (socket: Socket, frame: Frame) => {
    if (frame.is === 'message') {
      for (const peer of topics.get(frame.topic) ?? []) sendFrame(peer, frame);
    } else if (frame.is === 'sub') {
      const subscribed = topics.get(frame.topic);
      if (subscribed) return void subscribed.add(socket);
      topics.set(frame.topic, new Set([socket]));
      toAll({ is: 'wanted', topic: frame.topic });
    } else if (frame.is === 'unsub') leave(frame.topic, socket);
  };
  const server = createServer((socket) => {
    peers.add(socket);
    socket.setNoDelay(true);
    const late = setTimeout(() => socket.destroy(), HELLO_MS);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(late);
      peers.delete(socket);
      known.delete(socket);
      for (const topic of [...topics.keys()]) leave(topic, socket);
    });
    readFrames(socket, (frame) => {
      if (known.has(socket)) return take(socket, frame);
      if (frame.is !== 'hello' || !isSecret(frame.secret, secret)) return void socket.destroy();
      clearTimeout(late);
      known.add(socket);
      for (const topic of topics.keys()) sendFrame(socket, { is: 'wanted', topic });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const peer of peers) peer.destroy();
      return closed;
    },
  };
}

function isSecret(given: unknown, secret: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
