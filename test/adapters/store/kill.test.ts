import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEmbeddedStore, stopped, testStore, type EmbeddedStore } from '../../support/store.js';
import { fresh, withStores } from './support.js';

const WRITER = fileURLToPath(new URL('writer-process.ts', import.meta.url));

/** A process that writes texts, and what it has said. */
class Writer {
  readonly refs: string[] = [];
  away = 0;
  readonly child: ChildProcess;
  readonly #said = new EventEmitter();

  constructor(databaseUrl: string, tenant: string, name: string) {
    const args = ['--import', 'tsx', WRITER, databaseUrl, tenant, name];
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout ?? assert.fail('no stdout') }).on('line', (line) => {
      if (line === 'away') this.away++;
      // A kill may leave half a line, which tells nothing.
      else if (line.length === 64) this.refs.push(line);
      this.#said.emit('line');
    });
    this.child.once('exit', () => this.#said.emit('line'));
  }

  /** Waits for `count` more acknowledged texts. */
  more(count: number): Promise<void> {
    const until = this.refs.length + count;
    return this.#until(() => this.refs.length >= until);
  }

  /** Lets it end by itself. Resolves with its exit code. */
  async end(): Promise<number | null> {
    const gone = once(this.child, 'close');
    this.child.stdin?.end();
    return ((await gone) as [number | null])[0];
  }

  async kill(): Promise<void> {
    const gone = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await gone;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.child.exitCode !== null) throw new Error(`the writer ended with code ${this.child.exitCode}`);
      await once(this.#said, 'line');
    }
  }
}

/** Runs `use` with two writers; none is left. */
async function withWriters(url: string, tenant: string, use: (one: Writer, other: Writer) => Promise<void>) {
  const writers = [new Writer(url, tenant, 'one'), new Writer(url, tenant, 'other')] as const;
  try {
    await use(...writers);
  } finally {
    await Promise.all(writers.map(({ child }) => stopped(child, 'SIGKILL')));
  }
}

/** A text that was acknowledged must be there, whole: its reference is the digest of it. */
async function assertAllThere(databaseUrl: string, tenant: string, refs: string[]): Promise<void> {
  await withStores(databaseUrl, 1, async (store) => {
    const missing: string[] = [];
    for (const ref of refs) {
      const text = await store.getText(tenant, ref);
      if (text === undefined || (await store.putText(tenant, text)).ref !== ref) missing.push(ref);
    }
    assert.deepEqual(missing, []);
  });
}

describe('the embedded store and its clients when one is killed', function () {
  this.timeout(240_000);

  it('loses no acknowledged text when the store is killed and started again, and the clients go on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'embedded-store-'));
    const tenant = fresh('tenant');
    let embedded: EmbeddedStore | undefined;
    try {
      embedded = await startEmbeddedStore(folder);
      const { databaseUrl } = embedded;
      await withWriters(databaseUrl, tenant, async (one, other) => {
        for (let round = 0; round < 2; round++) {
          await Promise.all([one.more(40), other.more(40)]);
          await stopped(embedded?.process, 'SIGKILL');
          embedded = await startEmbeddedStore(folder, Number(new URL(databaseUrl).port));
        }
        await Promise.all([one.more(40), other.more(40)]);
        assert.ok(one.away > 0 && other.away > 0, 'the writers did not notice');
        assert.deepEqual(await Promise.all([one.end(), other.end()]), [0, 0]);
        assert.equal(new Set([...one.refs, ...other.refs]).size, one.refs.length + other.refs.length);
        await assertAllThere(databaseUrl, tenant, [...one.refs, ...other.refs]);
      });
    } finally {
      await stopped(embedded?.process);
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('serves the others when a client is killed in the middle', async () => {
    const { databaseUrl } = await testStore();
    const tenant = fresh('tenant');
    await withWriters(databaseUrl, tenant, async (staying, leaving) => {
      await Promise.all([staying.more(10), leaving.more(10)]);
      await leaving.kill();
      await staying.more(50);
      assert.equal(staying.away, 0);
      assert.equal(await staying.end(), 0);
      await assertAllThere(databaseUrl, tenant, [...staying.refs, ...leaving.refs]);
    });
  });
});
