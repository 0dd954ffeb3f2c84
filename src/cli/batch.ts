import type { Command } from 'commander';
import { ServiceError, type Batch, type BatchRow, type StartBatchRequest } from '../client/index.js';
import { wholeNumber, type Call, type Cli } from './call.js';
import { UsageError, type CliDeps } from './command.js';
import { EXIT } from './exit.js';
import { Interrupted } from './follow-run.js';
import { crewOf, oneLine, table, timeOf, when } from './text.js';

const LOOK_EVERY_MS = 1_000;

interface StartOptions {
  concurrency?: number;
  label?: string;
  watch?: true;
}

/** `crew batch`. */
export function registerBatch(program: Command, cli: Cli): void {
  const batch = program.command('batch').summary('one crew over many inputs').description('One crew over many inputs.');
  batch
    .command('start')
    .summary('start a batch')
    .description('Starts a run for each line of a file: {"inputs": {…}, "label"?: …}, or the inputs alone, as JSON.')
    .argument('<crew>', 'a crew by name, or name@version')
    .argument('<file>', 'NDJSON; - for standard input')
    .option('--concurrency <n>', 'runs that are open at the same time', wholeNumber)
    .option('--label <text>', 'your own word for the batch')
    .option('--watch', 'wait for its end')
    .addHelpText('after', '\nExamples:\n  $ crew batch start research-summary topics.ndjson --concurrency 3 --watch')
    .action(
      cli.action<StartOptions>(async (call, crew = '', file = '') => {
        const { concurrency, label, watch } = call.options;
        const started = await call.client.batches.start({
          crew,
          items: itemsOf(await call.deps.readText(file), file, call.deps),
          ...(concurrency !== undefined && { maxConcurrent: concurrency }),
          ...(label !== undefined && { label }),
        });
        if (watch) return watchBatch(call, started.batchId);
        call.print(started, () => started.batchId);
        return EXIT.ok;
      }),
    );
  batch
    .command('list')
    .summary('list batches')
    .description('Lists batches: open ones first, then those that ended last.')
    .option('--limit <n>', 'at most so many', wholeNumber)
    .option('--cursor <cursor>', 'the page after this')
    .action(
      cli.action<{ limit?: number; cursor?: string }>(async (call) => {
        const { limit, cursor } = call.options;
        const page = await call.client.batches.list({
          ...(limit !== undefined && { limit }),
          ...(cursor !== undefined && { cursor }),
        });
        call.print(page, () => rowsOf(call, page.batches));
        if (!call.json && page.nextCursor !== undefined) call.say(`There are more: --cursor ${page.nextCursor}`);
      }),
    );
  on(batch, 'show', 'show a batch', cli, async (call, id) => {
    const found = await call.client.batches.get(id);
    call.print(found, () => [rowsOf(call, [found]), progressOf(found)].join('\n'));
  });
  on(batch, 'watch', 'wait for the end of a batch', cli, watchBatch);
  on(batch, 'cancel', 'start no more of a batch, and cancel what is open', cli, async (call, id) => {
    await call.client.batches.cancel(id);
    call.print({ batchId: id, status: 'cancelling' }, () => `${id}: cancelling`);
  });
  on(batch, 'results', 'print what came of each item, a line of JSON each', cli, async ({ client, deps }, id) => {
    for await (const result of client.batches.results(id)) deps.out(`${JSON.stringify(result)}\n`);
  });
}

function on(
  batch: Command,
  verb: string,
  summary: string,
  cli: Cli,
  run: (call: Call, id: string) => Promise<number | void>,
): void {
  batch
    .command(verb)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .argument('<batch>', 'the batch')
    .addHelpText('after', `\nExamples:\n  $ crew batch ${verb} BATCH`)
    .action(cli.action<Record<string, unknown>>((call, id = '') => run(call, id)));
}

/** Waits for the end of a batch, over restarts of the service. Ctrl-C leaves it alone. */
async function watchBatch(
  given: Pick<Call, 'client' | 'deps' | 'json' | 'print' | 'say'>,
  id: string,
): Promise<number> {
  const { client, deps, print, say, json } = given;
  const stop = new AbortController();
  const release = deps.onInterrupt(() => stop.abort());
  let shown = '';
  try {
    for (;;) {
      const batch = await client.batches.get(id).catch((error: unknown) => {
        if (error instanceof ServiceError && (error.status === 0 || error.status >= 500) && shown !== '')
          return undefined;
        throw error;
      });
      const now = batch && progressOf(batch);
      if (now !== undefined && now !== shown && !json) say((shown = now));
      shown ||= ' ';
      if (batch?.endedAt !== undefined) {
        print(batch, () => `${batch.batchId}: ${batch.status}`);
        return batch.status === 'completed' && batch.counts.failed === 0 ? EXIT.ok : EXIT.failed;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        stop.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
      if (stop.signal.aborted) {
        say(`\nThe batch goes on. Watch it again: crew batch watch ${id}`);
        throw new Interrupted();
      }
    }
  } finally {
    release();
  }
}

function itemsOf(text: string, file: string, deps: Pick<CliDeps, 'parseYaml'>): StartBatchRequest['items'] {
  const lines = text.split('\n').map((line, at) => ({ line: line.trim(), place: `${file}:${at + 1}` }));
  const items = lines.flatMap(({ line, place }) => (line === '' ? [] : [itemOf(deps.parseYaml(line, place), place)]));
  if (items.length === 0) throw new UsageError(`${file}: expected a JSON object a line`);
  return items;
}

function itemOf(value: unknown, place: string): StartBatchRequest['items'][number] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${place}: expected an object`);
  const { inputs, ...others } = value as { inputs?: unknown };
  const whole = typeof inputs === 'object' && inputs !== null && Object.keys(others).every((key) => key === 'label');
  return whole ? value : { inputs: value as Record<string, unknown> };
}

function rowsOf({ colours }: Pick<Call, 'colours'>, batches: readonly BatchRow[]): string {
  if (batches.length === 0) return 'No batches';
  const rows = batches.map((one) => [
    one.batchId,
    crewOf(one),
    one.status,
    String(one.total),
    when(one.startedAt),
    timeOf(one),
    oneLine(one.label ?? '', 40),
  ]);
  return table(['BATCH', 'CREW', 'STATUS', 'ITEMS', 'STARTED', 'TIME', 'LABEL'], rows, colours.bold);
}

function progressOf({ counts, total }: Batch): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return `${total} items${parts.map(([name, count]) => ` · ${count} ${name}`).join('')}`;
}
