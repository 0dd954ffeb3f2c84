import { sentEvents } from '../test/support/streams.js';

/** What the readers are to follow: `count` of them, each on a connection of its own. */
export interface ReadersAsked {
  url: string;
  count: number;
}

/** First, once each has its first event; then, at the end of the run, what each got. */
export type ReadersTold = { open: number } | { got: readonly number[]; complete: number };

/** The readers of `streams.bench.ts`, in a process of their own, so that the gateway's memory can be told from theirs. */
process.once('message', (asked: ReadersAsked) => void follow(asked));
process.once('disconnect', () => process.exit(1));

async function follow({ url, count }: ReadersAsked): Promise<void> {
  let open = 0;
  const readers = Array.from({ length: count }, async () => {
    const ids: number[] = [];
    const response = await fetch(url);
    for await (const { id } of sentEvents(response.body)) {
      if (ids.length === 0 && ++open === count) tell({ open });
      // `<runId>:<seq>`; what has none is no event of the run.
      if (id !== undefined) ids.push(Number(id.slice(id.lastIndexOf(':') + 1)));
    }
    return ids;
  });
  const all = await Promise.all(readers);
  const complete = all.filter((ids) => ids.every((id, at) => id === at + 1)).length;
  tell({ got: all.map((ids) => ids.length), complete });
}

function tell(told: ReadersTold): void {
  process.send?.(told);
}
