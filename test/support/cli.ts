import { spawn, type ChildProcess } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { main } from '../../src/cli/main.js';
import type { CliDeps } from '../../src/cli/command.js';
import { cliDeps } from '../../src/cli-deps.js';

/** What a command did. */
export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs `crew` in this process, over a pipe: nobody can be asked. */
export async function crew(url: string, args: readonly string[], more: Partial<CliDeps> = {}): Promise<Ran> {
  const ran = { code: 0, out: '', err: '' };
  const deps: CliDeps = {
    ...cliDeps({ CREW_URL: url, CREW_USER: 'ada' }),
    terminal: {
      interactive: false,
      outIsTerminal: false,
      colours: { out: false, err: false },
      columns: () => 100,
      input: new PassThrough(),
      output: new PassThrough(),
    },
    out: (text) => (ran.out += text),
    err: (text) => (ran.err += text),
    ...more,
  };
  ran.code = await main(args, deps);
  return ran;
}

/** The command as a process, with what it has said so far. */
export function crewProcess(
  url: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  command: readonly string[] = [process.execPath, 'bin/crew.mjs'],
): { child: ChildProcess; said: { out: string; err: string }; ended: Promise<Ran> } {
  const [program = '', ...before] = command;
  const child = spawn(program, [...before, ...args], {
    env: { ...process.env, CREW_URL: url, CREW_USER: 'ada', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, ...said })));
  return { child, said, ended };
}

/** A command in front of `crew` that gives it a terminal of its own: what is written to the process is typed. */
export const IN_TERMINAL = ['python3', 'test/support/terminal.py', process.execPath, 'bin/crew.mjs'] as const;
