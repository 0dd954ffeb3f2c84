import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineTool, type Tool } from '../../src/authoring/define.js';
import { secretsOf, TOKEN } from '../adapters/secrets/support.js';
import { inCrewWorld, openApproval } from '../support/crew-world.js';
import { crewWith, decide, ended, runToEnd, toolCall } from '../support/engine.js';

const POLICY = 'secrets: { API_TOKEN: { from: { env: API_TOKEN }, tools: [lookup] } }';
const REFERENCE = '{{secret:API_TOKEN}}';

function lookup(name = 'lookup') {
  const keys: string[] = [];
  const tool = defineTool({
    name,
    description: 'Looks up.',
    input: z.object({ key: z.string() }),
    run: ({ key }) => {
      keys.push(key);
      return `found with ${key}`;
    },
  }) as unknown as Tool;
  return { tool, keys };
}

const writings = [TOKEN, JSON.stringify(TOKEN).slice(1, -1), Buffer.from(TOKEN).toString('base64').slice(2, -4)];
const assertNowhere = (what: string, text: string) => {
  for (const writing of writings) assert.ok(!text.includes(writing), `the secret is in ${what}`);
};

describe('a secret that a tool call refers to', () => {
  it('reaches the tool, and neither history, view, events nor prompts', async () => {
    const { tool, keys } = lookup();
    const secrets = secretsOf(POLICY);
    const answers = [
      toolCall('lookup', { key: REFERENCE }),
      { when: 'found with \\[secret API_TOKEN\\]', text: 'Done.' },
      { text: 'Done.', repeat: true },
    ];
    await inCrewWorld(
      { answers },
      async (world) => {
        const crew = crewWith({ a: { description: `DO-a with the key ${REFERENCE}` } }, {}, { tools: ['lookup'] });
        const run = await runToEnd(world, crew);
        assert.equal(run.view.result?.output, 'Done.');
        assert.deepEqual(keys, [TOKEN]);
        for (const history of await world.histories(run.runId)) {
          const payloads = JSON.stringify(history).replaceAll(/"data":"([^"]*)"/g, (_, data: string) =>
            Buffer.from(data, 'base64').toString('utf8'),
          );
          assert.ok(payloads.includes('secret:API_TOKEN') && payloads.includes('[secret API_TOKEN]'));
          assertNowhere('the history', payloads);
        }
        assertNowhere('the view', JSON.stringify(run.view));
        assertNowhere('the events', JSON.stringify(run.events));
        const prompts = JSON.stringify(world.model.calls());
        assert.match(prompts, /\[secret API_TOKEN\]/);
        assertNowhere('a prompt', prompts);
        const description = await world.handle(run.runId).describe();
        assertNowhere('the memo', JSON.stringify(description.memo));
      },
      { tools: [tool], secrets },
    );
  });

  it('is shown to who approves the call as the reference that it is', async () => {
    const { tool, keys } = lookup();
    const answers = [toolCall('lookup', { key: REFERENCE }), { text: 'Done.', repeat: true }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const runId = await world.start(crewWith({ a: {} }, {}, { tools: [{ name: 'lookup', approval: {} }] }), {});
        const approval = await openApproval(world, runId);
        assert.deepEqual(approval.tool, { name: 'lookup', arguments: { key: REFERENCE } });
        await decide(world, runId, { approvalId: approval.id, action: 'approve' });
        await ended(world, runId);
        assert.deepEqual(keys, [TOKEN]);
      },
      { tools: [tool], secrets: secretsOf(POLICY) },
    );
  });

  it('is refused to another tool: the model is told which, and the tool is not called', async () => {
    const { tool, keys } = lookup('send');
    const answers = [toolCall('send', { key: REFERENCE }), { text: 'Never mind.', repeat: true }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const run = await runToEnd(world, crewWith({ a: {} }, {}, { tools: ['send'] }));
        assert.equal(run.view.status, 'completed');
        assert.deepEqual(keys, []);
        assert.match(JSON.stringify(world.model.calls()[1]?.messages), /the tool send may not have this secret/);
      },
      { tools: [tool], secrets: secretsOf(POLICY) },
    );
  });
});
