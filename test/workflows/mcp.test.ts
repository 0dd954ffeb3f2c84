import assert from 'node:assert/strict';
import { createMcpSource } from '../../src/adapters/mcp/source.js';
import { createToolRunner } from '../../src/adapters/tools/runner.js';
import { everything, serverPid } from '../adapters/mcp/support.js';
import { inCrewWorld } from '../support/crew-world.js';
import { crewWith, runToEnd, toolCall } from '../support/engine.js';
import { memoryLogger } from '../support/logger.js';

describe('a run with tools of an MCP server', () => {
  it('lists and calls them through activities; a server that is killed costs a retry, not the run', async () => {
    const logger = memoryLogger();
    const source = createMcpSource({ servers: [everything()], logger, clientVersion: '1' });
    const toolRunner = createToolRunner({ sources: [source] });
    const connected = () => logger.lines.filter(({ message }) => message === 'MCP server connected');
    try {
      // The server is there, and dies before the call that the run makes.
      await toolRunner.describe(['everything/echo'], new AbortController().signal);
      const [first] = connected();
      process.kill(serverPid((first?.fields as { pid: number }).pid), 'SIGKILL');
      const answers = [
        toolCall('everything__echo', { message: 'hello' }),
        { when: 'Echo: hello', text: 'It said hello.' },
      ];
      await inCrewWorld(
        { answers },
        async (world) => {
          const ended = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['everything/*'] }));
          assert.equal(ended.view.result?.output, 'It said hello.');
          assert.ok(ended.story.includes('tool.called a'));
          assert.equal(connected().length, 2);
        },
        { toolRunner },
      );
    } finally {
      await toolRunner.close();
    }
  });
});
