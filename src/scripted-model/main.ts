import { parseArgs } from 'node:util';
import { loadScript } from './script.js';
import { startScriptedModel } from './server.js';

const USAGE = 'Usage: node --import tsx src/scripted-model/main.ts FILE [--port N]';

try {
  const { file, port } = readArguments();
  const model = await startScriptedModel({ script: await loadScript(file), port });
  let closing = false;
  const shutDown = () => {
    if (closing) return;
    closing = true;
    void model.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', shutDown).once('SIGINT', shutDown).once('disconnect', shutDown);
  process.stdout.write(`Scripted model: ${model.url} (calls so far: ${new URL('/calls', model.url).href})\n`);
  process.send?.({ type: 'ready', port: model.port });
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

/** @throws Error with the usage */
function readArguments(): { file: string; port: number } {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' } } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new Error(`Expected one script file.\n${USAGE}`);
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`Expected a port, 0 for any.\n${USAGE}`);
  return { file, port };
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' ? 'The port is in use: choose another one with --port, or 0 for any.' : message;
}
