import { connect, type Socket } from 'node:net';
import type { TokenBus } from '../../ports.js';
import { readFrames, sendFrame } from './frames.js';
import { Listeners, topicOf } from './listeners.js';

/** How long to leave a hub alone that is not there. */
const RECONNECT_MS = 250;

/**
 * The token channel of one machine, by way of a hub (`startTokenHub`) on 127.0.0.1. While the hub is away nothing is told;
 * it is looked for until `close`.
 */
export function loopbackTokens({ port, secret }: { port: number; secret: string }): TokenBus {
  const listeners = new Listeners();
  const wanted = new Set<string>();
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const open = () => {
    const peer = connect({ port, host: '127.0.0.1', noDelay: true });
    peer.on('connect', () => {
      socket = peer;
      sendFrame(peer, { is: 'hello', secret });
      for (const topic of listeners.topics()) sendFrame(peer, { is: 'sub', topic });
    });
    peer.on('error', () => undefined);
    peer.on('close', () => {
      socket = undefined;
      wanted.clear();
      if (!closed) timer = setTimeout(open, RECONNECT_MS);
    });
    readFrames(peer, (frame) => {
      if (frame.is === 'message') listeners.tell(frame.topic, frame.message);
      else if (frame.is === 'wanted') wanted.add(frame.topic);
      else if (frame.is === 'unwanted') wanted.delete(frame.topic);
    });
    connecting = peer;
  };
  let connecting: Socket | undefined;
  open();
  return {
    wanted: (tenant, runId) => wanted.has(topicOf(tenant, runId)),
    publish: (tenant, message) => {
      if (socket) sendFrame(socket, { is: 'message', topic: topicOf(tenant, message.runId), message });
    },
    subscribe: (tenant, runId, listener) => {
      const topic = topicOf(tenant, runId);
      if (listeners.add(topic, listener) && socket) sendFrame(socket, { is: 'sub', topic });
      return () => {
        if (listeners.remove(topic, listener) && socket) sendFrame(socket, { is: 'unsub', topic });
      };
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      connecting?.destroy();
      return Promise.resolve();
    },
  };
}
