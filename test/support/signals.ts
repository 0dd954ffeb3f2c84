import { setImmediate } from 'node:timers/promises';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How many signals more this process holds, garbage collected, after the work was done so many times than before. */
export async function signalsLeftBy(times: number, work: () => Promise<unknown>): Promise<number> {
  // What is made at the first use stays.
  await work();
  const before = await signalsHeld();
  for (let at = 0; at < times; at++) await work();
  return (await signalsHeld()) - before;
}

async function signalsHeld(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What finalizers hold, as those of `fetch` do, is let go of a turn after it was found to be garbage.
  for (let round = 0; round < 2; round++) {
    await setImmediate();
    collect();
  }
  await setImmediate();
  return queryObjects(AbortSignal, { format: 'count' });
}
