import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/crew-world.js';

const MAIN = new URL('../../../src/scripted-model/main.ts', import.meta.url);

function run(...args: string[]): ChildProcess {
  return fork(MAIN, args, { execArgv: ['--import=tsx'], silent: true });
}

/** What a process that cannot start says, and its exit code. */
async function refusal(...args: string[]): Promise<{ said: string; code: unknown }> {
  const child = run(...args);
  let said = '';
  child.stderr?.on('data', (part) => (said += String(part)));
  const [code] = await once(child, 'close');
  return { said, code };
}

describe('scripted model: the process', function () {
  this.timeout(120_000);
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scripted-'));
    file = join(folder, 'answers.yaml');
    await writeFile(file, 'answers:\n  - { hang: true, when: slow }\n  - { text: Hi, repeat: true }\n');
  });
  after(() => rm(folder, { recursive: true }));

  for (const [how, stop] of [
    ['its parent is gone', (child: ChildProcess) => child.disconnect()],
    ['SIGTERM', (child: ChildProcess) => void child.kill('SIGTERM')],
  ] as const) {
    it(`tells its port, serves, and ends on ${how}, calls in flight or not`, async () => {
      const child = run(file);
      const [message] = (await once(child, 'message')) as [{ type: string; port: number }];
      assert.equal(message.type, 'ready');
      const call = (content: string) =>
        fetch(`http://127.0.0.1:${message.port}/v1/chat/completions`, {
          method: 'POST',
          body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }),
        });
      assert.equal((await call('x')).status, 200);
      const dropped = assert.rejects(call('slow'));
      await eventually('the call in flight', async () => {
        const calls = await (await fetch(`http://127.0.0.1:${message.port}/calls`)).text();
        return calls.includes('in_flight');
      });
      stop(child);
      const [code] = await once(child, 'exit');
      await dropped;
      assert.equal(code, 0);
    });
  }

  it('says in words why it cannot start', async () => {
    const none = await refusal(join(folder, 'none.yaml'));
    assert.deepEqual(none, { said: `${join(folder, 'none.yaml')}: cannot be read (ENOENT)\n`, code: 1 });
    assert.match((await refusal()).said, /^Expected one script file\.\nUsage: /);
    assert.match((await refusal(file, '--port', 'x')).said, /^Expected a port, 0 for any\.\n/);
  });

  it('says that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { said, code } = await refusal(file, '--port', String(port));
    other.close();
    assert.match(said, /in use.*--port/);
    assert.equal(code, 1);
  });
});
