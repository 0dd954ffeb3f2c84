import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** It is one small database: Postgres' defaults are for a server's. */
const SMALL = ['shared_buffers=16MB', 'wal_buffers=1MB', 'max_wal_size=64MB', 'max_connections=5'];

/**
 * Opens the database in a folder, and makes it first where there is none; without a folder, one in memory.
 * @throws Error where the folder holds something else, or cannot be used
 */
export async function openDatabase(folder: string | undefined): Promise<PGlite> {
  if (folder !== undefined) {
    if (!existsSync(join(folder, 'PG_VERSION'))) await makeDatabase(folder);
    // What a killed process left. Postgres' own lock names a process of its WebAssembly world, so it cannot tell by itself that
    // nobody holds it; that one process at a time uses the folder, its supervisor sees to.
    rmSync(join(folder, 'postmaster.pid'), { force: true });
  }
  return PGlite.create({
    ...(folder !== undefined && { dataDir: folder }),
    startParams: [...PGlite.defaultStartParams, ...SMALL.flatMap((setting) => ['-c', setting])],
  });
}

/** Beside its place and then put there, so that a folder with a database has a whole one. */
async function makeDatabase(folder: string): Promise<void> {
  if (existsSync(folder)) removeEmpty(folder);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  await makeInThread(making);
  renameSync(making, folder);
}

/** In a thread, whose memory goes with it: Postgres' initdb leaves half a gigabyte behind. */
function makeInThread(folder: string): Promise<void> {
  const code = `
    const { workerData } = require('node:worker_threads');
    const { PGlite } = require(workerData.pglite);
    PGlite.create({ dataDir: workerData.folder }).then((db) => db.close());`;
  const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const thread = new Worker(code, { eval: true, execArgv: [], workerData: { folder, pglite } });
  return new Promise((resolve, reject) => {
    thread.once('error', reject).once('exit', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`The database in ${folder} could not be made (exit status ${status})`));
    });
  });
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    throw new Error(`${folder} is neither empty nor a database of the embedded store; move it away`);
  }
}
