import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { findTemporalCli } from '../temporal/find-cli.js';
import { figureInWords, reportOf, type Circumstances, type Outcome } from './report.js';
import type { Effort, Section } from './section.js';

/**
 * `npm run bench`: measures everything, each benchmark in a process of its own, and writes `bench/REPORT.md` with its charts.
 * `--only a,b`: these alone, the other chapters stay as they were measured before. `--quick`: tries whether each still runs, and
 * leaves the report as it is.
 */
const BENCHMARKS = [
  'floor',
  'critical-path',
  'gateway',
  'parked',
  'lean',
  'streams',
  'scale-out',
  'start',
  'peers',
] as const;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const LONGEST_MS = 40 * 60_000;
const TAIL_CHARS = 2_000;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const effort: Effort = values.quick ? 'quick' : 'full';
const names = namesOf(values.only);
// A quick try says nothing about speed: it must not replace what was measured.
const folder = values.quick ? mkdtempSync(join(tmpdir(), 'bench-report-')) : HERE;
for (const inner of ['results', 'charts']) mkdirSync(join(folder, inner), { recursive: true });

const temporal = (await findTemporalCli({ onProgress: () => undefined })).version;
const outcomes: Outcome[] = [];
for (const name of names) {
  const outcome = await measured(name);
  await keep(outcome);
  outcomes.push(outcome);
}
const known = BENCHMARKS.flatMap((name) => outcomes.find((one) => one.name === name) ?? earlier(name) ?? []);
await writeReport(known);
say(`\n${join(folder, 'REPORT.md')}`);
process.exitCode = outcomes.some(({ failed }) => failed !== undefined) ? 1 : 0;

function namesOf(only: string | undefined): string[] {
  const here = BENCHMARKS.filter((name) => existsSync(join(HERE, `${name}.bench.ts`)));
  if (only === undefined) return here;
  const asked = only.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !here.some((one) => one === name));
  if (unknown.length === 0) return asked;
  say(`There is no benchmark ${unknown.join(', ')}. There are: ${here.join(', ')}.`);
  process.exit(2);
}

/** Measures one. Whatever becomes of it, the others are measured too. */
async function measured(name: string): Promise<Outcome> {
  const circumstances = here();
  say(`${name}: measuring`);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(scratch, 'section.json');
    const began = Date.now();
    await inProcess(name, file);
    const section = JSON.parse(readFileSync(file, 'utf8')) as Section;
    say(`${name}: ${Math.round((Date.now() - began) / 1000)} s`);
    for (const figure of section.figures) {
      const { value, asked, verdict } = figureInWords(figure);
      say(`  ${figure.name}: ${value}${asked === '' ? '' : ` (asked ${asked}: ${verdict})`}`);
    }
    return { name, circumstances, section };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    say(`${name}: failed: ${failed}`);
    return { name, circumstances, failed };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @throws Error with the last of what the process wrote, where it did not end well */
async function inProcess(name: string, file: string): Promise<void> {
  const args = ['--expose-gc', '--import', 'tsx', join(HERE, 'measure.ts'), name, effort, file];
  // A group of its own, so that nothing that it started outlives it.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'], detached: true });
  const group = -(child.pid ?? 0);
  const end = () => {
    try {
      process.kill(group, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  };
  const interrupted = () => {
    end();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-TAIL_CHARS);
    process.stderr.write(chunk);
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, LONGEST_MS);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  end();
  if (late) throw new Error(`it took longer than ${LONGEST_MS / 60_000} minutes`);
  if (code !== 0) throw new Error(said.trim() || `it ended with code ${code}`);
}

function here(): Circumstances {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: HERE, encoding: 'utf8' }).trim();
  const dirty = git('status', '--porcelain', '--untracked-files=no') !== '';
  return {
    at: `${new Date().toISOString().slice(0, 16)}Z`,
    commit: `${git('rev-parse', '--short', 'HEAD')}${dirty ? ' with changes' : ''}`,
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    temporal,
    load: loadavg()[0] ?? 0,
    effort,
  };
}

/** A failure is told in the report, but does not replace what was measured before. */
async function keep(outcome: Outcome): Promise<void> {
  if (outcome.failed === undefined) await write(resultFile(folder, outcome.name), JSON.stringify(outcome), 'json');
}

/** What an earlier run measured. */
function earlier(name: string): Outcome | undefined {
  const file = resultFile(HERE, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome) : undefined;
}

function resultFile(where: string, name: string): string {
  return join(where, 'results', `${name}.json`);
}

async function writeReport(all: readonly Outcome[]): Promise<void> {
  for (const { file, svg } of all.flatMap(({ section }) => section?.charts ?? []))
    writeFileSync(join(folder, 'charts', `${file}.svg`), svg);
  await write(join(folder, 'REPORT.md'), reportOf(all), 'markdown');
}

/** As `npm run check:format` wants it. */
async function write(file: string, text: string, parser: 'json' | 'markdown'): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(join(HERE, 'REPORT.md'))), parser }));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
