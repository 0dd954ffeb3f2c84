import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { eventually } from '../support/crew-world.js';
import { Part } from './part.js';

const run = promisify(execFile);

/** The disk that the store lies on, small enough to be filled at once. */
const DISK = '256m';

/** A Postgres on a disk of its own. */
export interface Database {
  part: Part;
  url: string;
  /** Fills its disk to the last block; undefined where this machine lets nobody mount one. */
  fill: (() => Promise<void>) | undefined;
  /** Gives the room back. */
  free(): Promise<void>;
  /** Unmounts the disk, once the server has ended. */
  remove(): Promise<void>;
}

/** Makes and starts it. `bin`: where its programs are. */
export async function startDatabase(bin: string, folder: string, port: number): Promise<Database> {
  const home = join(folder, 'postgres');
  await mkdir(home);
  const mounted = mount(home);
  const remove = () => {
    if (mounted && existsSync(home)) execFileSync('umount', ['--lazy', home]);
    return rm(home, { recursive: true, force: true });
  };
  if (mounted) process.once('exit', () => void remove());
  const before = await asPostgres(home);
  const data = join(home, 'data');
  const [program = '', ...args] = [...before, join(bin, 'initdb')];
  await run(program, [...args, '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '-N', '--wal-segsize=1'], {
    cwd: home,
  });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const settings = { max_wal_size: '8MB', min_wal_size: '2MB', max_connections: '60', shared_buffers: '16MB' };
  const part = new Part({
    name: 'postgres',
    command: [
      ...before,
      ...[join(bin, 'postgres'), '-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', home],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    cwd: home,
    log: join(folder, 'postgres.log'),
    ready: async () => {
      await eventually('Postgres', () => answers(url), 90_000);
    },
  });
  await part.start();
  const filler = join(home, 'filler');
  return {
    part,
    url,
    fill: mounted ? () => fillUp(home, filler) : undefined,
    free: () => rm(filler, { force: true }),
    remove,
  };
}

function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function fillUp(folder: string, filler: string): Promise<void> {
  const file = await open(filler, 'w');
  try {
    for (const size of [1 << 20, 4096]) {
      const block = Buffer.alloc(size, 1);
      while ((await statfs(folder)).bavail * 4096 >= size) await file.write(block);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}

/** Postgres does not run as root. */
async function asPostgres(folder: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  const [user, group] = await Promise.all([id('-u'), id('-g')]);
  await chown(folder, user, group);
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
