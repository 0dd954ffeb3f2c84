import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stopped } from '../test/support/store.js';
import type { Contender } from './peer-contender.js';

/** What a program of `bench/peers` says. */
type Line = { ready: true } | { id: string; output: string } | { id: string; error: string };

/** A framework's own program, ready for runs. */
interface Peer {
  child: ChildProcessWithoutNullStreams;
  ask(line: { id: string; topic: string; resume: boolean }): Promise<void>;
}

/** How a framework is started. */
export interface PeerSpec {
  name: string;
  /** What makes a run go on after its process was killed, in words. */
  resumedBy: string;
  python: string;
  /** In `bench/peers`. */
  program: string;
  args: readonly string[];
  /** Where it may keep what it likes; removed by the caller. */
  home: string;
  processes: number;
}

/** No framework tells anybody of these runs. */
const QUIET = {
  OTEL_SDK_DISABLED: 'true',
  CREWAI_DISABLE_TELEMETRY: 'true',
  CREWAI_TRACING_ENABLED: 'false',
  CREWAI_DISABLE_VERSION_CHECK: 'true',
  LANGSMITH_TRACING: 'false',
};

/** Starts a framework in as many processes as told, among which runs are dealt. */
export async function startPeer(spec: PeerSpec): Promise<Contender> {
  let peers = await startAll(spec);
  let dealt = 0;
  return {
    name: spec.name,
    resumedBy: spec.resumedBy,
    run: async (id, topic) => {
      const peer = peers[dealt++ % peers.length];
      await peer?.ask({ id, topic, resume: false });
    },
    kill: async () => {
      await Promise.all(peers.map(({ child }) => stopped(child, 'SIGKILL')));
    },
    revive: async (id, topic) => {
      peers = await startAll(spec);
      await peers[0]?.ask({ id, topic, resume: true });
    },
    stop: async () => {
      await Promise.all(peers.map(({ child }) => stopped(child, 'SIGKILL')));
    },
  };
}

/** The first alone: what it sets up, say tables, cannot be set up twice at the same time. */
async function startAll(spec: PeerSpec): Promise<Peer[]> {
  const first = await startProcess(spec);
  return [first, ...(await Promise.all(Array.from({ length: spec.processes - 1 }, () => startProcess(spec))))];
}

async function startProcess({ python, program, args, home }: PeerSpec): Promise<Peer> {
  const file = fileURLToPath(new URL(`./peers/${program}`, import.meta.url));
  const child = spawn(python, [file, ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, PYTHONDONTWRITEBYTECODE: '1', ...QUIET },
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2_000)));
  const waiting = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const ready = new Promise<void>((resolve, reject) => waiting.set('', { resolve, reject }));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    const asked = waiting.get('ready' in line ? '' : line.id);
    if ('error' in line) asked?.reject(new Error(`${program}: ${line.error}\n${complaints}`));
    else asked?.resolve();
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${program} ended with ${code}:\n${complaints}`));
  });
  // A process that was killed takes no more lines.
  child.stdin.on('error', () => undefined);
  await ready;
  return {
    child,
    ask: (line) => {
      const answered = new Promise<void>((resolve, reject) => waiting.set(line.id, { resolve, reject }));
      child.stdin.write(`${JSON.stringify(line)}\n`);
      return answered.finally(() => waiting.delete(line.id));
    },
  };
}
