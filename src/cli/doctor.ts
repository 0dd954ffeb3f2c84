import type { Command } from 'commander';
import { ServiceError, type Client } from '../client/index.js';
import type { Cli } from './call.js';
import type { Check } from './command.js';

const TIMEOUT_MS = 8_000;
const SIGNS = { ok: '✔', warning: '!', failed: '✖', skipped: '–' } as const;

/** `crew doctor`. */
export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .summary('say what is reachable, which versions, and what to fix')
    .description(
      'Looks at the service and at what is behind it: gateway, Temporal, worker, store, model, versions. Exits with 1 where something has failed.',
    )
    .addHelpText('after', '\nExamples:\n  $ crew doctor\n  $ crew doctor --url http://crews.example.com --json')
    .action(
      cli.action<{ url?: string }>(async ({ deps, client, options, json, colours }) => {
        const paint = { ok: colours.green, warning: colours.yellow, failed: colours.red, skipped: colours.dim };
        const found: Check[] = [];
        const where = options.url === undefined ? deps.service : { url: options.url, from: '--url' };
        for await (const check of all([gateway(client, where, deps.version), deps.checks()])) {
          found.push(check);
          if (json) continue;
          deps.out(`${paint[check.status](SIGNS[check.status])} ${check.name.padEnd(9)} ${check.found}\n`);
          if (check.fix !== undefined) deps.out(`${' '.repeat(12)}→ ${check.fix}\n`);
        }
        const ok = !found.some(({ status }) => status === 'failed');
        if (json) deps.out(`${JSON.stringify({ ok, checks: found }, null, 2)}\n`);
        return ok ? 0 : 1;
      }),
    );
}

async function* all(sources: AsyncIterable<Check>[]): AsyncGenerator<Check> {
  for (const source of sources) yield* source;
}

async function* gateway(
  client: Client,
  { url, from }: { url: string; from: string },
  version: string,
): AsyncGenerator<Check> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const about = await client.service.about(signal);
    const same = about.version === version;
    yield {
      name: 'gateway',
      status: same ? 'ok' : 'warning',
      found: `${url} (${from}), ${about.name} ${about.version}`,
      ...(!same && { fix: `this command is ${version}: use the same version on both sides` }),
    };
    const { checks } = await client.service.readiness(signal);
    const reached = checks.temporal === 'ok';
    yield {
      name: 'reaches',
      status: reached ? 'ok' : 'failed',
      found: reached ? 'the gateway reaches Temporal' : 'the gateway does not reach Temporal',
      ...(!reached && { fix: "start it ('npm start' brings one), or set TEMPORAL_ADDRESS for the gateway" }),
    };
    yield workerOf(checks.worker);
    yield await crewsOf(client);
  } catch (error) {
    const why = error instanceof ServiceError ? error.message : 'it does not answer in time';
    const fix = "start it with 'npm start', or say where it is with --url or CREW_URL";
    yield { name: 'gateway', status: 'failed', found: `${url} (${from}): ${why}`, fix };
  }
}

/** The crews that can be run; as stored ones are among them, this asks the store too. */
async function crewsOf(client: Client): Promise<Check> {
  const name = 'crews';
  try {
    const { length } = await client.crews.list();
    return { name, status: length > 0 ? 'ok' : 'warning', found: `${length} can be run, and the store answers` };
  } catch (error) {
    const found = error instanceof Error ? error.message : 'they cannot be listed';
    return { name, status: 'failed', found, fix: 'see that the Postgres of DATABASE_URL runs, which the gateway uses' };
  }
}

function workerOf(worker: 'polling' | 'none' | 'unknown'): Check {
  if (worker === 'polling') return { name: 'worker', status: 'ok', found: 'a worker asks for work' };
  const found = worker === 'none' ? 'no worker asks for work' : 'not known, as Temporal is not reached';
  const fix = 'start a worker with the same TASK_QUEUE and TEMPORAL_ADDRESS as the gateway';
  return worker === 'none'
    ? { name: 'worker', status: 'failed', found, fix }
    : { name: 'worker', status: 'skipped', found };
}
