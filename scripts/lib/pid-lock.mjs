import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSameProcess, startOf } from './process-identity.mjs';

const WAIT_MS = 250;

/**
 * Takes a lock for this process: a file that names its holder. It appears complete (written aside, then linked into place), and one
 * whose holder is gone, after kill -9 or a reboot, is taken over.
 *
 * Returns `{held: true, release, stale}`, where `stale` tells that a dead holder's lock was taken over, or `{held: false, holder}`.
 */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  let stale = false;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const nonce = create(file);
    if (nonce !== undefined) return { held: true, stale, release: () => release(file, nonce) };
    const holder = read(file);
    if (holder !== undefined && isSameProcess(holder)) return { held: false, holder };
    if (holder !== undefined) {
      setAside(file, holder);
      stale = true;
    }
  }
  throw new Error(`The lock file ${file} changes faster than it can be read. Delete it if nothing else is running.`);
}

/** Waits until the lock is free, then takes it. `onWait(holder)` is called once if somebody else holds it. */
export async function waitForLock(file, { onWait = () => {}, signal } = {}) {
  for (let told = false; ; told = true) {
    const lock = tryLock(file);
    if (lock.held) return lock;
    if (!told) onWait(lock.holder);
    await sleep(WAIT_MS, undefined, { signal });
  }
}

function create(file) {
  const nonce = randomUUID();
  const draft = `${file}.${nonce}`;
  const since = new Date().toISOString();
  writeFileSync(draft, JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? 'unknown', since, nonce }));
  try {
    linkSync(draft, file);
    return nonce;
  } catch (error) {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Undefined: gone in the meantime. A file that is not one of ours counts as a dead holder's. */
function read(file) {
  try {
    const text = readFileSync(file, 'utf8');
    try {
      const { pid, started, since, nonce } = JSON.parse(text);
      if (Number.isInteger(pid) && typeof started === 'string') return { pid, started, since, nonce };
    } catch {
      // Not JSON: fall through to the dead holder.
    }
    return { pid: -1, started: 'none', since: '', nonce: text };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Moves a dead holder's file away. Of two processes that find the same dead holder, the slower one may move the winner's new file:
 * it sees that by the nonce and puts it back.
 */
function setAside(file, holder) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  try {
    if (read(aside)?.nonce !== holder.nonce) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(file, nonce) {
  if (read(file)?.nonce === nonce) rmSync(file, { force: true });
}
