/**
 * Makes sure that there is a Temporal CLI, and says where: `node --import tsx temporal/prepare.ts`. Exit code 1 when there is none.
 */
import pc from 'picocolors';
import { createTerminal, formatDuration } from '../scripts/lib/terminal.mjs';
import { findTemporalCli, TemporalCliNotFound } from './find-cli.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(signal, () => stop.abort());

const terminal = createTerminal({ colors: pc });
const step = terminal.step('Temporal CLI', 'looking for it');
try {
  const { path, source, version } = await findTemporalCli({
    onProgress: step.update,
    onNotice: (text) => terminal.line(`  ${text}`),
    signal: stop.signal,
  });
  const how =
    source === 'download' || source === 'build'
      ? `${source === 'build' ? 'built' : 'downloaded'} in ${formatDuration(step.elapsed())}, `
      : '';
  step.done(`${version}, ${how}${path}`);
  process.exit(0);
} catch (error) {
  step.clear();
  terminal.close();
  if (!stop.signal.aborted)
    process.stderr.write(`\n${error instanceof TemporalCliNotFound ? error.message : String(error)}\n`);
  process.exit(stop.signal.aborted ? 130 : 1);
}
