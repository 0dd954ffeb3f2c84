import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { clearStamp, whyNotInstalled, writeStamp } from './lock-match.mjs';
import { waitForLock } from './pid-lock.mjs';
import { runTethered } from './run-tethered.mjs';
import { formatDuration } from './terminal.mjs';

const SHOWN_LINES = 15;

/** An install that failed, in words for people. */
export class InstallError extends Error {
  name = 'InstallError';
}

/**
 * Makes a folder's node_modules what its package-lock.json says, by `npm ci`, and only when it is not so already. Safe when two processes do
 * it at once: the second waits.
 *
 * `label` names the step on the terminal, `size` says what is downloaded and how big it is. Throws `InstallError`.
 */
export async function ensureInstalled({ dir, label, size, terminal, lockFile, signal }) {
  if (whyNotInstalled(dir) === undefined) return { installed: false };
  const step = terminal.step(label, 'waiting for another install in this folder to end');
  const lock = await waitForLock(lockFile, { signal });
  try {
    const why = whyNotInstalled(dir);
    if (why === undefined) {
      step.done('installed by another process');
      return { installed: false };
    }
    terminal.line(`  ${label}: ${why}. Installing with npm ci: ${size}.`);
    step.update('npm ci');
    clearStamp(dir);
    await npmCi(dir, signal);
    writeStamp(dir);
    step.done(`installed in ${formatDuration(step.elapsed())}`);
    return { installed: true };
  } catch (error) {
    step.clear();
    throw error;
  } finally {
    lock.release();
  }
}

/**
 * Development tools and platform packages are always installed, whatever NODE_ENV or the user's npm settings leave out: without
 * them nothing here runs.
 */
async function npmCi(dir, signal) {
  const [command, ...first] = npmCommand();
  const args = [...first, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, lines } = await runTethered(command, args, { cwd: dir, env: npmEnv(process.env), signal });
  if (code === 0) return;
  if (code === 127)
    throw new InstallError(`npm is not there (${command}). It comes with Node: https://nodejs.org/en/download`);
  // npm says first what is wrong, and then at length how it is used.
  const said = lines.filter((line) => line.replace('npm error', '').trim() !== '').slice(0, SHOWN_LINES);
  throw new InstallError(
    [
      `npm ci failed in ${dir}${code === null ? '' : ` (exit code ${code})`}. It says:`,
      '',
      ...said.map((line) => `    ${line}`),
      '',
      'Check the network (and npm’s proxy settings, if you need one) and the free space on the disk, then run the command again.',
      'It starts over from a clean folder; what was downloaded is taken from npm’s cache.',
    ].join('\n'),
  );
}

/** npm's own script where it is known, which works on every platform; otherwise the command on the PATH. */
export function npmCommand() {
  const known = process.env.npm_execpath;
  if (known !== undefined && basename(known) === 'npm-cli.js' && existsSync(known)) return [process.execPath, known];
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? [process.execPath, beside] : ['npm'];
}

/** What npm told the script that it started (its package, its folder) must not reach another npm for another folder. */
export function npmEnv(env) {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^npm_(package|lifecycle)_/.test(name) && !['npm_command', 'npm_config_local_prefix', 'INIT_CWD'].includes(name),
  );
  return Object.fromEntries(kept);
}
