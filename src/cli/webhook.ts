import { Option, type Command } from 'commander';
import type { PatchWebhookRequest, Webhook, WebhookDelivery } from '../client/index.js';
import { durationMs } from '../crew/duration.js';
import { several, wholeNumber, type Call, type Cli } from './call.js';
import { UsageError } from './command.js';
import { clean, oneLine, table, when } from './text.js';
import { verbsOf } from './verb.js';

interface AddOptions {
  event?: string[];
  description?: string;
  named?: true;
}

interface UpdateOptions extends AddOptions {
  to?: string;
  global?: true;
  enable?: true;
  disable?: true;
}

interface LogOptions {
  status?: WebhookDelivery['status'];
  run?: string;
  limit?: number;
  cursor?: string;
}

/** `crew webhook`. */
export function registerWebhook(program: Command, cli: Cli): void {
  const webhook = program
    .command('webhook')
    .summary('endpoints that hear of runs')
    .description('Registers endpoints that events of runs are sent to, and shows what was sent.');
  const on = verbsOf({ parent: webhook, argument: ['webhook', 'the endpoint'], example: 'w1', cli });
  webhook
    .command('add')
    .summary('register an endpoint')
    .description('Registers an endpoint. The secret that deliveries are signed with is shown once.')
    .argument('<url>', 'where events are sent to')
    .option('--event <type>', 'run.completed, run.* or * for all; absent: run.* and approval.*', several)
    .option('--named', 'hears only of runs whose start names it; absent: of every run')
    .option('--description <text>', 'what it is for')
    .addHelpText('after', examples('add https://example.com/hooks/crews --event run.* --event approval.requested'))
    .action(cli.action<AddOptions>(add));
  webhook
    .command('list')
    .summary('list endpoints')
    .description('Lists endpoints, the oldest first.')
    .addHelpText('after', examples('list'))
    .action(
      cli.action(async (call) => {
        const webhooks = await call.client.webhooks.list();
        call.print({ webhooks }, () => rowsOf(call, webhooks));
      }),
    );
  on('show', 'show an endpoint', async (call, id) => {
    const found = await call.client.webhooks.get(id);
    call.print(found, () => detail(call, found));
  });
  on<UpdateOptions>('update', 'change an endpoint, or switch it on or off', update, ' --disable')
    .option('--to <url>', 'where events are sent to')
    .option('--event <type>', 'instead of those that it has', several)
    .option('--description <text>', 'what it is for')
    .addOption(new Option('--named', 'hears only of runs whose start names it').conflicts('global'))
    .option('--global', 'hears of every run')
    .addOption(new Option('--enable', 'switch it on').conflicts('disable'))
    .option('--disable', 'switch it off: events that come then are not for it');
  on('delete', 'remove an endpoint, with what waits for it', async (call, id) => {
    await call.client.webhooks.delete(id);
    call.print({ id, deleted: true }, () => `${id}: deleted`);
  });
  on<{ overlap?: string }>('rotate', 'make a new secret', rotate, ' --overlap 2h').option(
    '--overlap <time>',
    'how long older secrets sign too, such as 2h; absent: 24h',
  );
  on('ping', 'send an event that is no run’s', async (call, id) => {
    const sent = await call.client.webhooks.ping(id);
    call.print(sent, () => `${sent.id}: on its way`);
  });
  on<LogOptions>('deliveries', 'show what was sent', deliveries, ' --status failed')
    .addOption(new Option('--status <status>', 'only these').choices(['pending', 'delivered', 'failed']))
    .option('--run <run>', 'only events of this run')
    .option('--limit <n>', 'how many; absent: 50', wholeNumber)
    .option('--cursor <cursor>', 'the page after');
  webhook
    .command('replay')
    .summary('deliver once more')
    .description('Delivers once more: one delivery, or all that failed since a time.')
    .argument('<webhook>', 'the endpoint')
    .argument('[delivery]', 'one delivery, whatever became of it')
    .option('--since <time>', 'all that failed and were made since: ISO 8601, or how long ago, such as 12h')
    .addHelpText('after', examples('replay w1 msg_5f1d2c7e0a9b4c3d', 'replay w1 --since 12h'))
    .action(cli.action<{ since?: string }>(replay));
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ crew webhook ${line}`).join('\n')}`;
}

async function add(call: Call<AddOptions>, url = ''): Promise<void> {
  const { event, description, named } = call.options;
  const made = await call.client.webhooks.create({
    url,
    ...(event && { events: event }),
    ...(named && { global: false }),
    ...(description !== undefined && { description }),
  });
  call.print(made, () => `${made.id}  ${made.secret}`);
  if (!call.json) call.say('Keep the secret, which verifies what comes: it is not shown again.');
}

async function update(call: Call<UpdateOptions>, id: string): Promise<void> {
  const { to, event, description, named, global, enable, disable } = call.options;
  const changes: PatchWebhookRequest = {
    ...(to !== undefined && { url: to }),
    ...(event && { events: event }),
    ...(description !== undefined && { description }),
    ...((named ?? global) && { global: global === true }),
    ...((enable ?? disable) && { enabled: enable === true }),
  };
  if (Object.keys(changes).length === 0) throw new UsageError('Say what to change: add --help for what it takes');
  const changed = await call.client.webhooks.update(id, changes);
  call.print(changed, () => detail(call, changed));
}

async function rotate(call: Call<{ overlap?: string }>, id: string): Promise<void> {
  const { overlap } = call.options;
  const ms = overlap === undefined ? undefined : durationMs(overlap);
  if (Number.isNaN(ms)) throw new UsageError(`--overlap ${overlap}: expected a time such as 2h`);
  const rotated = await call.client.webhooks.rotate(
    id,
    ms === undefined ? {} : { overlapSeconds: Math.round(ms / 1_000) },
  );
  call.print(rotated, () => rotated.secret);
  if (!call.json) call.say(`Older secrets sign too until ${when(rotated.oldSecretUntil)}. It is not shown again.`);
}

async function deliveries(call: Call<LogOptions>, id: string): Promise<void> {
  const { status, run, limit, cursor } = call.options;
  const page = await call.client.webhooks.deliveries(id, {
    ...(status !== undefined && { status }),
    ...(run !== undefined && { run }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  });
  call.print(page, () => logOf(call, page.deliveries));
  if (!call.json && page.nextCursor !== undefined) call.say(`More: --cursor ${page.nextCursor}`);
}

async function replay(call: Call<{ since?: string }>, id = '', delivery?: string): Promise<void> {
  const { since } = call.options;
  if ((delivery === undefined) === (since === undefined)) throw new UsageError('Name a delivery, or say --since');
  if (delivery !== undefined) {
    const again = await call.client.webhooks.replay(id, delivery);
    call.print(again, () => `${again.id}: on its way`);
    return;
  }
  const replayed = await call.client.webhooks.replayFailed(id, timeOf(since ?? ''));
  call.print({ replayed }, () => `${replayed} on their way`);
}

/** A time, or how long ago, as ISO 8601. @throws UsageError */
function timeOf(text: string): string {
  const ago = durationMs(text);
  const ms = Number.isNaN(ago) ? Date.parse(text) : Date.now() - ago;
  if (Number.isNaN(ms)) throw new UsageError(`--since ${text}: expected a time as ISO 8601, or such as 12h`);
  return new Date(ms).toISOString();
}

function rowsOf({ colours }: Pick<Call, 'colours'>, webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0) return 'There are no webhooks';
  const rows = webhooks.map((one) => [
    one.id,
    standing(one),
    one.global ? 'every run' : 'named',
    oneLine(one.events.join(', '), 40),
    oneLine(one.url, 60),
  ]);
  return table(['WEBHOOK', 'STATUS', 'HEARS OF', 'EVENTS', 'URL'], rows, colours.bold);
}

function standing({ enabled, failingSince }: Webhook): string {
  if (!enabled) return 'off';
  return failingSince === undefined ? 'on' : `failing since ${when(failingSince)}`;
}

function detail(call: Pick<Call, 'colours'>, found: Webhook): string {
  return [
    rowsOf(call, [found]),
    ...(found.description === undefined ? [] : [clean(found.description)]),
    ...(found.disabledReason === undefined ? [] : [`Switched off: ${clean(found.disabledReason)}`]),
    ...(found.oldSecretUntil === undefined ? [] : [`Older secrets sign until ${when(found.oldSecretUntil)}`]),
  ].join('\n');
}

function logOf({ colours }: Pick<Call, 'colours'>, all: readonly WebhookDelivery[]): string {
  if (all.length === 0) return 'Nothing was sent';
  const rows = all.map(({ id, createdAt, eventType, runId, status, attempts, nextTryAt }) => {
    const last = attempts.at(-1);
    const came = last?.status === undefined ? (last?.error ?? '') : `${last.status} ${last.answer ?? ''}`;
    const next = nextTryAt === undefined ? '' : `next ${when(nextTryAt)}`;
    return [id, when(createdAt), eventType, runId ?? '', status, String(attempts.length), oneLine(came, 40), next];
  });
  return table(['DELIVERY', 'MADE', 'EVENT', 'RUN', 'STATUS', 'TRIES', 'LAST ANSWER', ''], rows, colours.bold);
}
