import type { Command } from 'commander';
import pc from 'picocolors';
import { createClient, type Client } from '../client/index.js';
import { CliError, UsageError, type CliDeps } from './command.js';
import { EXIT } from './exit.js';

type Colours = ReturnType<typeof pc.createColors>;

/** One call of a command: its options, and what it does its work with. */
export interface Call<O = Record<string, unknown>> {
  deps: CliDeps;
  options: O;
  /** Machine output was asked for. */
  json: boolean;
  client: Client;
  /** Of standard output. */
  colours: Colours;
  /** Of standard error. */
  errColours: Colours;
  /** The answer, on standard output: as JSON where that was asked for. */
  print(value: unknown, human: () => string): void;
  /** A message, on standard error. */
  say(text: string): void;
}

/** What a command does; gives its exit code, absent: 0. */
type Action<O> = (call: Call<O>, ...args: string[]) => Promise<number | void> | number | void;

/** Runs the commands of one command line. */
export class Cli {
  exitCode: number = EXIT.ok;
  readonly deps: CliDeps;

  constructor(deps: CliDeps) {
    this.deps = deps;
  }

  /** An action for commander, which hands over the arguments, the options and the command. */
  action<O extends object>(run: Action<O>): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const args = given.slice(0, -2) as string[];
      this.exitCode = (await run(this.#call(command.optsWithGlobals()), ...args)) ?? EXIT.ok;
    };
  }

  #call<O>(options: O & { json?: boolean; url?: string }): Call<O> {
    const { deps } = this;
    const json = options.json === true;
    const { url, apiKey } = deps.service;
    return {
      deps,
      options,
      json,
      client: createClient({ baseUrl: options.url ?? url, ...(apiKey !== undefined && { apiKey }) }),
      colours: pc.createColors(deps.terminal.colours.out),
      errColours: pc.createColors(deps.terminal.colours.err),
      print(value, human) {
        deps.out(json ? `${JSON.stringify(value, null, 2)}\n` : ended(human()));
      },
      say(text) {
        deps.err(ended(text));
      },
    };
  }
}

/**
 * A run by what was typed: its id, or `last`. Lists begin with the runs that are open, so the newest one need not be their first:
 * it is looked for among the first 100.
 */
export async function runIdOf({ client }: Pick<Call, 'client'>, typed: string): Promise<string> {
  if (typed !== 'last') return typed;
  const { runs } = await client.runs.list({ limit: 100 });
  const [newest] = runs.toSorted((one, other) => other.startedAt.localeCompare(one.startedAt));
  if (!newest) throw new CliError('There is no run yet', EXIT.notFound);
  return newest.runId;
}

/** `key=value` words as an object. `@file` stands for what the file holds, `@-` for standard input. */
export async function pairsOf(
  words: readonly string[],
  deps: Pick<CliDeps, 'readText'>,
  option: string,
): Promise<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`${option} ${word}: expected key=value`);
    const value = word.slice(at + 1);
    pairs[word.slice(0, at)] = value.startsWith('@') ? await deps.readText(value.slice(1)) : value;
  }
  return pairs;
}

/** In whose name something is done, as requests have it: who was named, else the person at the terminal, else whoever the key is of. */
export function byOf({ deps }: Pick<Call, 'deps'>, named: string | undefined): { by?: string } {
  const by = named ?? deps.user;
  return by === undefined ? {} : { by };
}

/** Collects an option that can be given several times. */
export function several(value: string, all: string[] = []): string[] {
  return [...all, value];
}

/** A whole number of an option. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${text}: expected a whole number`);
  return Number(text);
}

function ended(text: string): string {
  return text.endsWith('\n') || text === '' ? text : `${text}\n`;
}
