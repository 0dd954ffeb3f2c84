import { Option, type Command } from 'commander';
import type { ApiKey, CreatedApiKey } from '../client/index.js';
import { SCOPES, type Scope } from '../contract/identity.js';
import { durationMs } from '../crew/duration.js';
import { several, wholeNumber, type Call, type Cli } from './call.js';
import { UsageError } from './command.js';
import { clean, oneLine, table, when } from './text.js';

interface CreateOptions {
  scope?: Scope[];
  expires?: string;
  rateLimit?: number;
  maxOpenRuns?: number;
  bootstrap?: true;
  tenant?: string;
}

/** `crew key`. */
export function registerKey(program: Command, cli: Cli): void {
  const key = program
    .command('key')
    .summary('API keys')
    .description('Makes, lists and revokes API keys of your tenant.');
  key
    .command('create')
    .summary('make an API key')
    .description('Makes an API key, with scopes that are within yours. It is shown once.')
    .argument('<name>', 'whose key it is: decisions and messages carry this name')
    .addOption(new Option('--scope <scope>', 'what it may do; absent: read').choices(SCOPES).argParser(several))
    .option('--expires <time>', 'how long it is good for, such as 12h or 90d; absent: until it is revoked')
    .option('--rate-limit <n>', 'requests in a minute, at most', wholeNumber)
    .option('--max-open-runs <n>', 'open runs at the same time, at most', wholeNumber)
    .option(
      '--bootstrap',
      'make it in the store itself (DATABASE_URL), where nobody has a key yet; absent --scope: admin',
    )
    .option('--tenant <tenant>', 'with --bootstrap: whose key; absent: default')
    .addHelpText(
      'after',
      '\nExamples:\n  $ crew key create reports --scope read --scope run --expires 90d\n  $ crew key create ada --bootstrap',
    )
    .action(cli.action<CreateOptions>(create));
  key
    .command('list')
    .summary('list API keys')
    .description('Lists the API keys of your tenant, the newest first.')
    .addHelpText('after', '\nExamples:\n  $ crew key list --json')
    .action(
      cli.action(async (call) => {
        const keys = await call.client.keys.list();
        call.print({ keys }, () => rowsOf(call, keys));
      }),
    );
  key
    .command('revoke')
    .summary('revoke an API key')
    .description('Revokes an API key for good.')
    .argument('<id>', 'the id of the key: aos_<id>_…')
    .addHelpText('after', '\nExamples:\n  $ crew key revoke 3k1x0q9z7abc')
    .action(
      cli.action(async (call, typed = '') => {
        const id = /^aos_([0-9a-z]{12})_/.exec(typed)?.[1] ?? typed;
        const revoked = await call.client.keys.revoke(id);
        call.print(revoked, () => `${revoked.id}: revoked`);
      }),
    );
}

async function create(call: Call<CreateOptions>, name = ''): Promise<void> {
  const { bootstrap, tenant, scope, expires, rateLimit, maxOpenRuns } = call.options;
  if (tenant !== undefined && !bootstrap)
    throw new UsageError('--tenant goes with --bootstrap: a key is of its maker’s tenant');
  const lastsMs = expires === undefined ? undefined : durationMs(expires);
  if (Number.isNaN(lastsMs)) throw new UsageError(`--expires ${expires}: expected a time such as 12h or 90d`);
  const wanted = {
    name,
    scopes: scope ?? [bootstrap ? ('admin' as const) : ('read' as const)],
    ...(lastsMs !== undefined && { expiresAt: new Date(Date.now() + lastsMs).toISOString() }),
    ...(rateLimit !== undefined && { rateLimitPerMinute: rateLimit }),
    ...(maxOpenRuns !== undefined && { maxOpenRuns }),
  };
  const made: CreatedApiKey = bootstrap
    ? await call.deps.bootstrapKey({ ...wanted, ...(tenant !== undefined && { tenant }) })
    : await call.client.keys.create(wanted);
  call.print(made, () => made.key);
  if (call.json) return;
  const until = made.expiresAt === undefined ? 'until it is revoked' : `until ${when(made.expiresAt)}`;
  call.say(
    `The key of ${clean(made.name)}, for ${made.scopes.join(', ')}, good ${until}. Keep it: it is not shown again.`,
  );
}

function rowsOf({ colours }: Pick<Call, 'colours'>, keys: readonly ApiKey[]): string {
  if (keys.length === 0) return 'There are no API keys';
  const rows = keys.map((key) => [
    key.id,
    oneLine(key.name, 30),
    key.scopes.join(', '),
    when(key.createdAt),
    key.lastUsedAt === undefined ? 'never' : when(key.lastUsedAt),
    standing(key),
  ]);
  return table(['ID', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'STATUS'], rows, colours.bold);
}

function standing({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== undefined) return 'revoked';
  if (expiresAt === undefined) return 'good';
  return Date.parse(expiresAt) <= Date.now() ? 'expired' : `until ${when(expiresAt)}`;
}
