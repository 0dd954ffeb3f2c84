import { ApplicationFailure, condition, sleep } from '@temporalio/workflow';

/** What fails while nobody waits for it. */
const FAILING: Record<string, () => Promise<unknown>> = {
  'a failure of ours': () => Promise.reject(ApplicationFailure.nonRetryable('nobody heard of it', 'Odd')),
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- code of others does so
  'no error at all': () => Promise.reject('nobody heard of it'),
  'an async function': async () => {
    await sleep(1);
    throw new Error('nobody heard of it');
  },
  'one of several': () => Promise.all([sleep(1_000_000), Promise.reject(new Error('nobody heard of it'))]),
};

/** Begins something that fails, and waits for something else. */
export async function unhandled(what: string): Promise<void> {
  await sleep(1);
  void FAILING[what]?.();
  await condition(() => false);
}

/** Waits for all of it, once it has failed. */
export async function handled(): Promise<number> {
  const { 'one of several': _, ...all } = FAILING;
  const settled = await Promise.allSettled(Object.values(all).map((begin) => begin()));
  const late = Promise.reject(new Error('heard of late'));
  await Promise.resolve();
  await late.catch(() => undefined);
  return settled.filter(({ status }) => status === 'rejected').length;
}
