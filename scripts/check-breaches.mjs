import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * `npm run check:breaches`: plants one breach for each gate of `npm run check` in a copy of the sources, and fails unless
 * that gate finds it and says why. A gate that cannot fail guards nothing.
 */
const BREACHES = [
  { gate: 'check:types', file: 'src/planted.ts', text: 'export const planted: number = "x";\n', says: /TS2322/ },
  {
    gate: 'check:lint',
    file: 'src/workflows/planted.ts',
    text: 'export function planted(): void {\n  Promise.resolve();\n}\n',
    says: /no-floating-promises/,
  },
  {
    gate: 'check:lint',
    file: 'src/api/planted.ts',
    text: 'export const planted = process.env;\n',
    says: /Only src\/config\.ts reads the environment/,
  },
  {
    gate: 'check:lint',
    file: 'src/planted.ts',
    text: 'export const planted = [\n' + '  1,\n'.repeat(300) + '];\n',
    says: /max-lines/,
  },
  { gate: 'check:format', file: 'src/planted.ts', text: 'export  const planted = "x"\n', says: /planted\.ts/ },
  {
    gate: 'check:imports',
    file: 'src/crew/planted.ts',
    text: "import { createLogger } from '../adapters/logger.js';\nexport const planted = createLogger;\n",
    says: /crew-is-pure/,
  },
  {
    gate: 'check:imports',
    file: 'src/workflows/planted.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
    says: /workflows-stay-in-the-sandbox/,
  },
  {
    gate: 'check:imports',
    file: 'src/activities/planted.ts',
    text: "import { ChatOpenAI } from '@langchain/openai';\nexport const planted = ChatOpenAI;\n",
    says: /activities-see-ports/,
  },
  {
    gate: 'check:dead-code',
    append: 'src/crew/plan.ts',
    text: 'export function planted(): number {\n  return 1;\n}\n',
    says: /planted/,
  },
  {
    gate: 'check:bundle',
    append: 'src/workflows/index.ts',
    text: "export { parseCrew } from '../crew/validate.js';\n",
    says: /zod/,
  },
];

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const copy = mkdtempSync(join(tmpdir(), 'breaches-'));
let missed = 0;
try {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(file, join(copy, file));
  }
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
  for (const breach of BREACHES) if (!found(breach)) missed++;
} finally {
  rmSync(copy, { recursive: true });
}
console.log(
  missed === 0 ? `All ${BREACHES.length} planted breaches were found.` : `${missed} planted breaches were missed.`,
);
process.exitCode = missed === 0 ? 0 : 1;

function found({ gate, file, append, text, says }) {
  const path = join(copy, file ?? append);
  const before = append && readFileSync(path);
  if (append) appendFileSync(path, text);
  else writeFileSync(path, text);
  const { status, stdout, stderr } = spawnSync(npm, ['run', gate], { cwd: copy, encoding: 'utf8' });
  if (append) writeFileSync(path, before);
  else rmSync(path);
  const ok = status !== 0 && says.test(stdout + stderr);
  console.log(`${ok ? 'found ' : 'MISSED'} ${gate} ${file ?? append}`);
  if (!ok) console.log(`${stdout}${stderr}`.split('\n').slice(-15).join('\n'));
  return ok;
}
