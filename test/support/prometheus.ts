import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { eventually } from './crew-world.js';
import { freePort } from './free-port.js';
import { onPath } from './on-path.js';
import { stopped } from './store.js';

/** The programs of a Prometheus on this machine. */
export interface Programs {
  prometheus: string;
  promtool: string;
}

/** Undefined where one of them is not there. */
export function findPrometheus(): Programs | undefined {
  const [prometheus, promtool] = [onPath('prometheus'), onPath('promtool')];
  return prometheus !== undefined && promtool !== undefined ? { prometheus, promtool } : undefined;
}

/** Runs promtool; gives what it said. Rejects with that where it found something. */
export function promtool({ promtool: program }: Programs, args: string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, (error, out, err) =>
      error ? reject(new Error(`promtool ${args.join(' ')}:\n${out}${err}`)) : resolve(out),
    );
    child.stdin?.end(input ?? '');
  });
}

/** A series of an instant query. */
interface Series {
  metric: Record<string, string>;
  value: [number, string];
}

/** A real Prometheus that scrapes every half second. */
export interface Prometheus {
  /** An instant query. Rejects where it is not one. */
  query(expression: string): Promise<Series[]>;
  api<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

/** Starts it with our alert rules. `targets`: job names, and the address of each. */
export async function startPrometheus(programs: Programs, targets: Record<string, string>): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const file = join(folder, 'prometheus.yaml');
  cpSync('deploy/prometheus/alerts.yaml', join(folder, 'alerts.yaml'));
  writeFileSync(
    file,
    stringify({
      global: { scrape_interval: '500ms', evaluation_interval: '500ms' },
      rule_files: ['alerts.yaml'],
      scrape_configs: Object.entries(targets).map(([job, target]) => ({
        job_name: job,
        static_configs: [{ targets: [target] }],
      })),
    }),
  );
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    programs.prometheus,
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://${listen}${path}`);
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  };
  const ready = () => fetch(`http://${listen}/-/ready`).catch(() => undefined);
  await eventually('Prometheus to be ready', async () => (await ready())?.ok, 90_000);
  return {
    query: async (expression) =>
      (await get<{ result: Series[] }>(`/api/v1/query?query=${encodeURIComponent(expression)}`)).result,
    api: get,
    stop: async () => {
      await stopped(child);
      rmSync(folder, { recursive: true });
    },
  };
}
