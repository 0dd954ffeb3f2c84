import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inCliWorld } from '../support/cli-world.js';

const [first = '', second = ''] = [...readFileSync('docs/client.md', 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(
  ([, block = '']) => block,
);

/** Runs a program that lies in this repository, where it finds the package by its name. */
function run(program: string): Promise<{ code: number; out: string; err: string }> {
  mkdirSync('build', { recursive: true });
  const folder = mkdtempSync(join('build', 'client-docs-'));
  const file = join(folder, 'example.mts');
  writeFileSync(file, program);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--import', 'tsx', file], { timeout: 60_000 }, (_error, out, err) => {
      rmSync(folder, { recursive: true });
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

describe('docs/client.md', function () {
  this.timeout(180_000);

  it('has examples that work as they are typed', () =>
    inCliWorld({ answers: [{ text: 'done', repeat: true }] }, async ({ url, client, asking }) => {
      const here = first.replace('http://127.0.0.1:8000', url);
      const { code, out, err } = await run(`${here}\nconsole.log(status, output);`);
      assert.equal(code, 0, err);
      assert.match(out, /^1 run\.started \n2 task\.started research\n/);
      assert.match(out, /run\.completed \ncompleted done\n$/);

      const { runId, approvalId } = await asking();
      await client.approvals.decide(runId, approvalId, { action: 'approve', by: 'bob' });
      const [imports, , ...more] = here.split('\n');
      const setting = `${imports}\n${more[0]}\nconst runId = '${runId}';\n`;
      const decided = await run(setting + second);
      assert.deepEqual([decided.code, decided.out], [0, 'decided by bob\n'], decided.err);
    }));
});
