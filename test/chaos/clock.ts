import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A clock that can be set while a process goes by it. */
export interface Clock {
  /** The variables of the process that goes by it. */
  env: NodeJS.ProcessEnv;
  /** Seconds beside the true time. */
  step(seconds: number): void;
}

const LIBRARIES = '/usr/lib';

/**
 * A clock of libfaketime, which sets the time of a whole process, native code too, and leaves alone the clock by which time-outs are
 * measured, as a machine whose time is set does. Undefined where the library is not installed.
 */
export function settableClock(file: string): Clock | undefined {
  const library = readdirSync(LIBRARIES)
    .map((folder) => join(LIBRARIES, folder, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
  if (library === undefined) return undefined;
  const step = (seconds: number) => writeFileSync(file, `${seconds >= 0 ? '+' : ''}${seconds}\n`);
  step(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
      FAKETIME_CACHE_DURATION: '1',
    },
    step,
  };
}
