import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';
import { needed } from './needed.js';
import { stopped } from './store.js';

const run = promisify(execFile);

/** Where Debian and its kin keep the server's programs, a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';

/** Longest until a new server takes connections. */
const START_MS = 90_000;

/** A Postgres server of its own, with nothing in it. */
export interface Postgres {
  databaseUrl: string;
  stop(): Promise<void>;
}

/** The folder with the newest `initdb` and `postgres` on this machine; undefined where there are none. */
export function findPostgres(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  return readdirSync(DEBIAN)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
}

/** The same, for what cannot be tested without: see `needed`. */
export function neededPostgres(context: Mocha.Context): string {
  return needed(context, findPostgres(), 'Postgres is not installed: apt-get install postgresql');
}

/** Starts a throw-away server on a free port of 127.0.0.1. The caller stops it. `bin`: as `findPostgres` says. */
export async function startPostgres(bin: string): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'store-postgres-'));
  const data = join(folder, 'data');
  let child: ChildProcess | undefined;
  const stop = async () => {
    // A fast shutdown: connections that are left are cut.
    await stopped(child, 'SIGINT');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [program, ...before] = await asPostgres(folder);
    await run(
      program,
      [...before, join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '-N'],
      {
        cwd: folder,
      },
    );
    const port = await freePort();
    const settings = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder, '-F'];
    child = spawn(program, [...before, join(bin, 'postgres'), ...settings], { cwd: folder, stdio: 'ignore' });
    const databaseUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await untilReady(databaseUrl, child);
    return { databaseUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Postgres does not run as root: there it is given the folder, and started as its own user. */
async function asPostgres(folder: string): Promise<[string, ...string[]]> {
  if (process.getuid?.() !== 0) return ['env'];
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  const [user, group] = await Promise.all([id('-u'), id('-g')]);
  await chown(folder, user, group);
  // This one becomes the program, so that a signal to it is one to Postgres.
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups'];
}

async function untilReady(connectionString: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (child.exitCode !== null || Date.now() > until) throw error;
      await pause(100);
    }
  }
}
