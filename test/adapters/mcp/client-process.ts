import { createMcpSource } from '../../../src/adapters/mcp/source.js';
import { memoryLogger } from '../../support/logger.js';
import { everything, options, stdio } from './support.js';

/**
 * A process that has MCP servers and waits to be killed: one that has a timer and so does not end with its stdin, and one
 * that starts others and notices nothing at all. Prints their process groups.
 */
const logger = memoryLogger();
const launcher = stdio('launcher', []);
const nested = {
  ...launcher,
  target: {
    kind: 'stdio' as const,
    command: 'sh',
    args: ['-c', 'sleep 1000 & "$@"; sleep 1000', 'sh', process.execPath, ...argsOf()],
    env: {},
  },
};
const source = createMcpSource({ servers: [everything(), nested], logger, clientVersion: '1' });
await source.call('everything/toggle-simulated-logging', {}, options());
await source.call('launcher/echo', { message: 'x' }, options());
const pids = logger.lines.flatMap(({ fields }) => ('pid' in fields ? [fields.pid] : []));
process.stdout.write(`${JSON.stringify(pids)}\n`);
setInterval(() => undefined, 60_000);

function argsOf(): string[] {
  const { target } = everything();
  return target.kind === 'stdio' ? target.args : [];
}
