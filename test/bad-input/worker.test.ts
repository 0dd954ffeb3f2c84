import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { eventually } from '../support/crew-world.js';
import { startEndlessModel, type EndlessModel } from '../support/endless-model.js';
import { megabytes, peakMegabytes } from '../support/memory.js';
import { send, sendUntilTaken, startService, type Service } from '../support/service.js';

interface Run {
  status: string;
  endedAt?: string;
  error?: { code: string };
  result?: { output: string };
}

/** More memory that a worker may take while all of this happens to it at once. */
const MORE_MEGABYTES = 500;

const EXTENSION = `
import { z } from '${createRequire(import.meta.url).resolve('zod')}';
import { defineTool } from '${fileURLToPath(new URL('../../src/authoring/index.ts', import.meta.url))}';
export const large = defineTool({
  name: 'large_text',
  description: 'Gives 100 MB',
  input: z.object({}),
  idempotent: true,
  run: () => Promise.resolve('x'.repeat(100_000_000)),
});
`;

const crew = (name: string, agent: object) => ({
  schemaVersion: 1,
  name,
  agents: { one: { role: 'R', goal: 'G', backstory: 'B', ...agent } },
  tasks: { say: { description: `DO-${name}`, expected_output: 'Words', agent: 'one' } },
});
/** A crew whose one tool is called once. */
const TOOLS: Record<string, { tool: string; arguments?: object; said: RegExp }> = {
  inside: { tool: 'large_text', said: /\[Cut after 1000000 of 100000000 characters\.\]/ },
  web: { tool: 'http_request', arguments: { url: 'WEB' }, said: /cut|Cut/ },
  mcp: { tool: 'big/large', said: /more than 10000000 bytes/ },
};

describe('a worker whose models and tools do not end', function () {
  this.timeout(400_000);

  it('fails or goes on in words, pays once, and keeps its memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
    const text = await startEndlessModel('text');
    const comments = await startEndlessModel('comments and no text');
    const web = await startLargeSite();
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
    let service: Service | undefined;
    try {
      const answers = Object.entries(TOOLS).flatMap(([name, { tool, arguments: args = {} }]) => [
        { when: `DO-${name}`, tool_calls: [{ name: tool, arguments: filled(args, url) }] },
        { when: `DO-${name}`, text: `after ${name}` },
      ]);
      const crews = [
        crew('text', { llm: 'endless-text' }),
        crew('comments', { llm: 'endless-comments' }),
        crew('falls', { llm: ['endless-text', 'scripted'] }),
        ...Object.entries(TOOLS).map(([name, { tool }]) => crew(name, { llm: 'scripted', tools: [tool] })),
      ];
      const file = (name: string, content: string) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      file('large.ts', EXTENSION);
      const server = fileURLToPath(new URL('./large-server.mjs', import.meta.url));
      const mcp = file('mcp.yaml', stringify({ servers: { big: { command: process.execPath, args: [server] } } }));
      const models = file('models.yaml', modelsFile(text, comments));
      service = await startService(
        { answers: [...answers, { when: 'DO-falls', text: 'after falls', repeat: true }] },
        crews,
        { MODELS_CONFIG: models, MCP_CONFIG: mcp, EXTENSIONS_DIR: folder, HTTP_TOOL_ALLOW: new URL(url).host, HTTP_TOOL_ALLOW_PRIVATE: 'true' }, // prettier-ignore
      );
      const running = service;
      const before = megabytes(running.pid('worker'));
      const started = await Promise.all(crews.map(({ name }) => start(running, name)));
      const ended = await Promise.all(started.map((runId) => endOf(running, runId)));
      const byName = Object.fromEntries(crews.map(({ name }, at) => [name, ended[at]]));
      const grown = peakMegabytes(running.pid('worker')) - before;
      if (process.env['SHOW_FIGURES']) console.log({ before, grown });

      for (const name of ['text', 'comments']) {
        assert.equal(byName[name]?.status, 'failed', name);
        assert.equal(byName[name]?.error?.code, 'Model.AnswerTooLarge', JSON.stringify(byName[name]));
      }
      assert.equal(byName['falls']?.result?.output, 'after falls');
      assert.equal(text.requests(), 2, 'once for each of its two runs');
      assert.equal(comments.requests(), 1);
      for (const [name, { said }] of Object.entries(TOOLS)) {
        assert.equal(byName[name]?.result?.output, `after ${name}`, JSON.stringify(byName[name]).slice(0, 500));
        const calls = running.model.calls().map(({ messages }) => JSON.stringify(messages));
        assert.ok(
          calls.some((call) => call.includes(`DO-${name}`) && said.test(call)),
          name,
        );
      }
      assert.ok(grown < MORE_MEGABYTES, `${grown} MB more`);
    } finally {
      await service?.stop();
      await Promise.all([text.close(), comments.close()]);
      web.close();
      web.closeAllConnections();
      rmSync(folder, { recursive: true });
    }
  });
});

/** The scripted model is where the service's own variables say: `OPENAI_BASE_URL`. */
function modelsFile(text: EndlessModel, comments: EndlessModel): string {
  return stringify({
    default: 'scripted',
    models: {
      scripted: { model: 'openai/scripted-model' },
      'endless-text': { base_url: text.url },
      'endless-comments': { base_url: comments.url },
    },
  });
}

function filled(args: object, url: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(args).replace('"WEB"', JSON.stringify(url))) as Record<string, unknown>;
}

async function startLargeSite(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.on('error', () => undefined).end('x'.repeat(100_000_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function start(service: Service, name: string): Promise<string> {
  const key = { 'idempotency-key': name };
  const { body } = await sendUntilTaken<{ runId: string }>(service, 'POST', '/v1/runs', { crew: name }, key);
  assert.ok(body.runId, JSON.stringify(body));
  return body.runId;
}

function endOf(service: Service, runId: string): Promise<Run> {
  return eventually(
    `the run ${runId} to end`,
    async () => {
      const { body } = await send<Run>(service, 'GET', `/v1/runs/${runId}`);
      return body.endedAt !== undefined && body;
    },
    240_000,
  );
}
