import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, exitOf, needsLocalModel, startModel, type ModelProcess } from './support.js';

describe('local model: process', function () {
  needsLocalModel(this);

  it('tells its parent when it is ready, and ends at once on SIGTERM in the middle of an answer', async () => {
    const model = await startModel({ LOCAL_MODEL_SLOTS: '1' });
    assert.ok(model.progress.includes('loading SmolLM2-135M-Instruct'));
    await streamBegins(model);
    const asked = Date.now();
    model.child.kill('SIGTERM');
    assert.equal(await exitOf(model.child), 0);
    // The answer would take a minute.
    assert.ok(Date.now() - asked < 15_000);
  });

  it('ends when its parent is gone', async () => {
    const model = await startModel({ LOCAL_MODEL_SLOTS: '1' });
    await streamBegins(model);
    model.child.disconnect();
    assert.equal(await exitOf(model.child), 0);
  });

  it('says in one line that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await assert.rejects(startModel({ LOCAL_MODEL_PORT: String(port), LOCAL_MODEL_SLOTS: '1' }), {
      message: `exit code 1: Port ${port} (LOCAL_MODEL_PORT) is in use. Set another one, or 0 for any free port.`,
    });
    other.close();
  });

  it('says what is wrong with its settings and with the file in MODEL_PATH', async () => {
    await assert.rejects(startModel({ LOCAL_MODEL_SLOTS: 'many', LOCAL_MODEL_CONTEXT: '7' }), {
      message: [
        'exit code 1: The local model cannot start:',
        '  LOCAL_MODEL_SLOTS: must be a whole number',
        '  LOCAL_MODEL_CONTEXT: must be 512 or more',
      ].join('\n'),
    });
    await assert.rejects(
      startModel({ MODEL_PATH: '/no/such.gguf' }),
      /MODEL_PATH is \/no\/such\.gguf, and there is no such/,
    );
    const folder = await mkdtemp(join(tmpdir(), 'model-'));
    const file = join(folder, 'broken.gguf');
    await writeFile(file, 'not a model');
    await assert.rejects(startModel({ MODEL_PATH: file }), /broken\.gguf could not be loaded as a model/);
    await rm(folder, { recursive: true });
  });
});

async function streamBegins({ base }: ModelProcess): Promise<void> {
  const response = await fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ask('Write a long story.', { stream: true, max_tokens: 2_000 })),
  });
  const reader = response.body?.getReader();
  await reader?.read();
  // The rest of the stream is cut when the process ends; nobody waits for it.
  reader?.closed.catch(() => undefined);
}
