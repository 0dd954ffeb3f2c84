import { join } from 'node:path';
import { runTethered } from '../scripts/lib/run-tethered.mjs';

const MODULE = 'github.com/temporalio/cli/cmd/temporal';
/** Without these the program would not know its version, and carry a sixth more for debuggers. */
const LINKER = (version: string) => `-s -w -X github.com/temporalio/cli/temporalcli.Version=${version}`;
/** With an empty cache; fewer where Go has compiled some before. */
const PACKAGES = 1_300;
const TAIL_LINES = 8;
/** A slow machine with an empty Go cache needs a quarter of this. */
const TIMEOUT_MS = 30 * 60_000;

/**
 * Builds the CLI from source with the Go toolchain on the PATH into `folder`; returns the program's path.
 * @throws Error that says in a few words why it did not work
 */
export async function buildCli(
  version: string,
  folder: string,
  onProgress: (text: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  let compiled = 0;
  let downloaded = 0;
  const onLine = (line: string) => {
    if (line.startsWith('go: downloading')) downloaded += 1;
    else if (!line.startsWith('go:')) compiled += 1;
    onProgress(
      `building with Go, 1 to 6 minutes, once: ${downloaded} modules downloaded, ${compiled} of about ${PACKAGES} packages compiled`,
    );
  };
  onProgress('building with Go, 1 to 6 minutes, once');
  // -v names each package, which is the only progress that Go shows.
  const result = await runTethered('go', ['install', '-v', '-ldflags', LINKER(version), `${MODULE}@v${version}`], {
    cwd: folder,
    env: { ...process.env, GOBIN: folder, GOOS: '', GOARCH: '', GOFLAGS: '' },
    onLine,
    signal,
    timeoutMs: TIMEOUT_MS,
  });
  if (result.code === 127) throw new Error('go is not on the PATH');
  if (result.timedOut) throw new Error(`go install did not end within ${TIMEOUT_MS / 60_000} minutes`);
  if (result.code !== 0) {
    const said = result.lines.filter((line) => line.trim() !== '').slice(-TAIL_LINES);
    throw new Error(`go install failed:\n${said.map((line) => `      ${line}`).join('\n')}`);
  }
  return join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
}
