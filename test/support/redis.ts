import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { needed } from './needed.js';
import { onPath } from './on-path.js';
import { stopped } from './store.js';

/** A Redis server of its own, in memory. */
export interface RedisServer {
  url: string;
  stop(): Promise<void>;
}

/** The server's program on this machine; undefined where there is none. */
export function findRedis(): string | undefined {
  return onPath('redis-server');
}

/** The same, for what cannot be tested without: see `needed`. */
export function neededRedis(context: Mocha.Context): string {
  return needed(context, findRedis(), 'Redis is not installed: apt-get install redis-server');
}

/** Starts a throw-away server on a free port of 127.0.0.1, or this one. The caller stops it. `program`: as `findRedis` says. */
export async function startRedis(program: string, port?: number): Promise<RedisServer> {
  const at = port ?? (await freePort());
  const settings = ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const child = spawn(program, settings, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${at}`;
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  const ended = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('redis-server ended'))));
  ended.catch(() => undefined);
  try {
    await Promise.race([client.ping(), ended]);
  } finally {
    client.disconnect();
  }
  return { url, stop: () => stopped(child) };
}
