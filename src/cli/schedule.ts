import { Option, type Command } from 'commander';
import type { Overlap, Schedule, ScheduleRow } from '../client/index.js';
import { durationMs } from '../crew/duration.js';
import { several, type Call, type Cli } from './call.js';
import { UsageError } from './command.js';
import { inputsOf, type InputOptions } from './inputs.js';
import { oneLine, table, when } from './text.js';
import { verbsOf } from './verb.js';

const OVERLAPS: readonly Overlap[] = ['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'terminateOther', 'allowAll'];

interface CreateOptions extends InputOptions {
  id?: string;
  cron?: string[];
  every?: string[];
  timeZone?: string;
  overlap?: Overlap;
  label?: string;
  note?: string;
  paused?: true;
}

const overlap = () => new Option('--overlap <what>', 'where the run before has not ended').choices(OVERLAPS);

/** `crew schedule`. */
export function registerSchedule(program: Command, cli: Cli): void {
  const schedule = program.command('schedule').summary('crews at times').description('Runs crews at times.');
  const on = verbsOf({ parent: schedule, argument: ['schedule', 'the schedule'], example: 'news', cli });
  schedule
    .command('create')
    .summary('make a schedule')
    .description('Makes a schedule: cron expressions, intervals, or both.')
    .argument('<crew>', 'a crew by name, for the newest version whenever it fires, or name@version')
    .option('--id <id>', 'what the schedule is called')
    .option('--cron <expression>', 'five fields, or @daily and so on', several)
    .option('--every <time>', 'such as 30m or 12h', several)
    .option('--time-zone <zone>', 'of the cron expressions, such as Europe/Berlin; absent: UTC')
    .option('-i, --input <key=value>', 'an input; @FILE for what a file holds', several)
    .option('--input-file <file>', 'inputs as JSON or YAML; - for standard input')
    .addOption(overlap())
    .option('--label <text>', 'of its runs')
    .option('--note <text>', 'a word on it')
    .option('--paused', 'does not fire until it is resumed')
    .addHelpText(
      'after',
      '\nExamples:\n  $ crew schedule create research-summary -i topic=bees --cron "0 7 * * 1-5" --time-zone Europe/Berlin\n  $ crew schedule create newsroom --every 12h --overlap skip --id news',
    )
    .action(cli.action<CreateOptions>(create));
  schedule
    .command('list')
    .summary('list schedules')
    .description('Lists schedules.')
    .action(
      cli.action(async (call) => {
        const schedules = await call.client.schedules.list();
        call.print({ schedules }, () => rowsOf(call, schedules));
      }),
    );
  on('show', 'show a schedule: its next times and recent runs', async (call, id) => {
    const found = await call.client.schedules.get(id);
    call.print(found, () => detail(call, found));
  });
  for (const [verb, done] of [
    ['pause', 'paused'],
    ['resume', 'resumed'],
  ] as const)
    on(verb, `${verb} a schedule`, async (call: Call<{ note?: string }>, id) => {
      await call.client.schedules[verb](id, call.options.note);
      call.print({ id, paused: verb === 'pause' }, () => `${id}: ${done}`);
    }).option('--note <text>', 'why');
  on('trigger', 'fire now', async (call: Call<{ overlap?: Overlap }>, id) => {
    await call.client.schedules.trigger(id, call.options.overlap);
    call.print({ id, triggered: true }, () => `${id}: triggered`);
  }).addOption(overlap());
  on(
    'backfill',
    'fire for every time between two times, as if it had been there',
    async (call: Call<{ from: string; to: string; overlap?: Overlap }>, id) => {
      const { from, to, overlap: policy } = call.options;
      await call.client.schedules.backfill(id, { from, to, ...(policy !== undefined && { overlap: policy }) });
      call.print({ id, from, to }, () => `${id}: fires for the times from ${from} to ${to}`);
    },
    ' --from 2026-11-01T00:00:00Z --to 2026-11-08T00:00:00Z',
  )
    .requiredOption('--from <time>', 'ISO 8601')
    .requiredOption('--to <time>', 'ISO 8601')
    .addOption(overlap());
  on('delete', 'remove a schedule; its runs stay', async (call, id) => {
    await call.client.schedules.delete(id);
    call.print({ id, deleted: true }, () => `${id}: deleted`);
  });
}

async function create(call: Call<CreateOptions>, crew = ''): Promise<void> {
  const { id, cron, every, timeZone, overlap: policy, label, note, paused } = call.options;
  if (!cron && !every) throw new UsageError('Say when: --cron or --every');
  const inputs = await inputsOf(call, call.options, (await call.client.crews.get(crew)).inputs);
  const made = await call.client.schedules.create({
    crew,
    inputs,
    ...(id !== undefined && { id }),
    ...(cron && { cron }),
    ...(every && { intervals: every.map((time) => ({ everySeconds: secondsOf(time) })) }),
    ...(timeZone !== undefined && { timeZone }),
    ...(policy !== undefined && { overlap: policy }),
    ...(label !== undefined && { label }),
    ...(note !== undefined && { note }),
    ...(paused && { paused }),
  });
  call.print(made, () => made.id);
  const [next] = made.nextTimes;
  if (!call.json && next !== undefined) call.say(`It fires next at ${when(next)}`);
}

function secondsOf(time: string): number {
  const seconds = durationMs(time) / 1_000;
  if (!(seconds >= 1)) throw new UsageError(`--every ${time}: expected a time such as 30m or 12h`);
  return Math.round(seconds);
}

function rowsOf({ colours }: Pick<Call, 'colours'>, schedules: readonly Omit<ScheduleRow, 'links'>[]): string {
  if (schedules.length === 0) return 'No schedules';
  const rows = schedules.map(({ id, crew, paused, nextTimes, note }) => [
    id,
    crew,
    paused ? 'paused' : 'active',
    nextTimes[0] === undefined ? '' : when(nextTimes[0]),
    oneLine(note ?? '', 50),
  ]);
  return table(['SCHEDULE', 'CREW', 'STATUS', 'NEXT', 'NOTE'], rows, colours.bold);
}

function detail(call: Pick<Call, 'colours'>, found: Schedule): string {
  const times = [
    ...(found.cron ?? []).map((one) => `cron ${one}${found.timeZone === undefined ? '' : ` (${found.timeZone})`}`),
    ...(found.intervals ?? []).map(({ everySeconds }) => `every ${everySeconds} s`),
  ];
  const runs = found.recentRuns.map((run) => `  ${when(run.scheduledAt)}  ${run.status}  ${run.runId}`);
  return [
    rowsOf(call, [found]),
    ...times,
    ...(found.nextTimes.length > 0 ? ['Next', ...found.nextTimes.slice(0, 5).map((time) => `  ${when(time)}`)] : []),
    ...(runs.length > 0 ? ['Recent runs', ...runs] : []),
  ].join('\n');
}
