import { runTethered } from '../scripts/lib/run-tethered.mjs';

/** The first start after a download can be slow: virus scanners read the whole file. */
const TIMEOUT_MS = 30_000;
/** Priority, fairness and worker versioning need this server at least. */
export const OLDEST_SERVER = [1, 29] as const;

/** What a Temporal CLI says of itself. */
export interface CliVersion {
  /** As in `1.5.1 (Server 1.29.1, UI 2.42.1)`. */
  text: string;
  /** Major and minor version of the server inside; undefined where it does not say. */
  server: readonly [number, number] | undefined;
}

/**
 * Runs a program with `--version`.
 * @throws Error that says in a few words why this is no working Temporal CLI.
 */
export async function verifyCli(path: string, signal?: AbortSignal): Promise<CliVersion> {
  const { code, lines, timedOut } = await runTethered(path, ['--version'], { signal, timeoutMs: TIMEOUT_MS });
  if (timedOut) throw new Error(`--version gave no answer within ${TIMEOUT_MS / 1000} s`);
  const said = lines.find((line) => line.trim() !== '') ?? 'nothing';
  if (code !== 0) throw new Error(`it does not run: ${said}`);
  const text = /^temporal version (.+)$/m.exec(lines.join('\n'))?.[1];
  if (text === undefined) throw new Error(`it is not the Temporal CLI: --version says ${said}`);
  const server = /\bServer (\d+)\.(\d+)/.exec(text);
  return { text: text.trim(), server: server ? [Number(server[1]), Number(server[2])] : undefined };
}

/** Whether the server inside is too old for this service. One that does not tell its version is taken on trust. */
export function isTooOld({ server }: CliVersion): boolean {
  if (server === undefined) return false;
  const [major, minor] = OLDEST_SERVER;
  return server[0] < major || (server[0] === major && server[1] < minor);
}
