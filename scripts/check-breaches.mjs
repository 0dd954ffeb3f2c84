import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { npmCommand } from './lib/locked-install.mjs';

/**
 * `npm run check:breaches`: plants breaches for each gate of `npm run check` in a copy of the sources, and fails unless
 * that gate finds every one and says why. A gate that cannot fail guards nothing.
 *
 * Each entry is one run of a gate. `file` is made, `append` gets more at its end; `says` names the breach and its place.
 */
const RUNS = [
  {
    gate: 'check:types',
    breaches: [
      { file: 'src/planted.ts', text: 'export const planted: number = "x";\n', says: /src\/planted\.ts.*TS2322/ },
      { file: 'test/planted.ts', text: 'export const planted: number = "x";\n', says: /test\/planted\.ts.*TS2322/ },
    ],
  },
  {
    gate: 'check:types',
    needs: 'local-model/node_modules',
    breaches: [
      {
        file: 'local-model/src/planted.ts',
        text: 'export const planted: number = "x";\n',
        says: /local-model\/src\/planted\.ts.*TS2322/,
      },
    ],
  },
  {
    gate: 'check:lint',
    breaches: [
      {
        file: 'src/workflows/planted-floating.ts',
        text: 'export function planted(): void {\n  Promise.resolve();\n}\n',
        says: /planted-floating\.ts\n.*no-floating-promises/,
      },
      {
        file: 'src/planted-misused.ts',
        text: 'export function planted(go: (then: () => void) => void): void {\n  go(async () => Promise.reject(new Error()));\n}\n',
        says: /planted-misused\.ts\n.*no-misused-promises/,
      },
      {
        file: 'src/planted-any.ts',
        text: 'export const planted = (signals: AbortSignal[]): AbortSignal => AbortSignal.any(signals);\n',
        says: /planted-any\.ts\n.*no-restricted-properties/,
      },
      {
        file: 'src/workflows/planted-console.ts',
        text: 'export const planted = (): void => console.log(1);\n',
        says: /planted-console\.ts\n.*temporal\/workflow-no-console/,
      },
      {
        file: 'src/activities/planted-context.ts',
        text: "import { Context } from '@temporalio/activity';\nexport const planted = Context.current();\n",
        says: /planted-context\.ts\n.*temporal\/activity-context-not-stored/,
      },
      {
        file: 'src/api/planted-env.ts',
        text: 'export const planted = process.env;\n',
        says: /planted-env\.ts\n.*Only src\/config\.ts reads the environment/,
      },
      {
        file: 'src/planted-long.ts',
        text: `export const planted = [\n${'  1,\n'.repeat(300)}];\n`,
        says: /planted-long\.ts\n.*max-lines/,
      },
    ],
  },
  {
    gate: 'check:format',
    breaches: [{ file: 'src/planted.ts', text: 'export  const planted = "x"\n', says: /src\/planted\.ts/ }],
  },
  {
    gate: 'check:imports',
    breaches: [
      imports('crew-is-pure', 'src/crew/planted.ts', '../adapters/logger.js'),
      imports('crew-is-pure', 'src/crew/planted-zod.ts', 'zod'),
      imports('crew-is-pure-types', 'src/crew/planted-type.ts', '../ports.js', 'type'),
      imports('contract-is-sandbox-safe', 'src/contract/planted.ts', '../crew/schema.js'),
      imports('workflows-stay-in-the-sandbox', 'src/workflows/planted.ts', 'node:fs'),
      imports('workflows-stay-in-the-sandbox-types', 'src/workflows/planted-type.ts', '../ports.js', 'type'),
      imports('activities-see-ports', 'src/activities/planted.ts', '@langchain/openai'),
      imports('authoring-stands-alone', 'src/authoring/planted.ts', '../adapters/logger.js'),
      imports('adapters-stay-apart', 'src/adapters/planted.ts', '../api/app.js'),
      imports('adapters-stay-apart-types', 'src/adapters/planted-type.ts', '../compose.js', 'type'),
      imports('api-sees-ports', 'src/api/planted.ts', '../adapters/logger.js'),
      imports('ports-are-types', 'src/ports.ts', './crew/plan.js'),
      imports('no-cycles', 'src/crew/plan.ts', './planted-cycle.js'),
      {
        file: 'src/crew/planted-cycle.ts',
        text: "export * from './plan.js';\n",
        says: /no-cycles:[^:]*planted-cycle\.ts/,
      },
      { file: 'src/crew/planted-orphan.ts', text: 'export {};\n', says: /no-orphans: src\/crew\/planted-orphan\.ts/ },
      imports('no-dev-dependencies', 'src/planted-dev.ts', 'fast-check'),
      imports('not-to-tests', 'src/planted-test.ts', '../test/support/crews.js'),
      imports('resolvable', 'src/planted-lost.ts', './nowhere.js'),
    ],
  },
  {
    gate: 'check:dead-code',
    breaches: [
      { file: 'src/planted-unused.ts', text: 'export {};\n', says: /Unused files[\s\S]*src\/planted-unused\.ts/ },
      {
        append: 'src/crew/plan.ts',
        text: 'export function planted(): number {\n  return 1;\n}\n',
        says: /Unused exports[\s\S]*planted .*src\/crew\/plan\.ts/,
      },
      {
        append: 'package.json',
        edit: (text) => text.replace('"dependencies": {', '"dependencies": {\n    "left-behind": "1.0.0",'),
        says: /Unused dependencies[\s\S]*left-behind/,
      },
    ],
  },
  {
    gate: 'check:bundle',
    breaches: [
      {
        append: 'src/workflows/index.ts',
        text: "export { parseCrew } from '../crew/validate.js';\n",
        says: /bundle holds .*zod/,
      },
    ],
  },
  {
    gate: 'check:bundle',
    breaches: [
      {
        append: 'src/workflows/index.ts',
        text: "export { readFileSync } from 'node:fs';\n",
        says: /ERROR in node:fs/,
      },
    ],
  },
  {
    gate: 'check:bundle',
    breaches: [
      {
        append: 'src/workflows/index.ts',
        text: `export const planted = '${'x'.repeat(400_000)}';\n`,
        says: /bundle is too large/,
      },
    ],
  },
];

/** A file of ours that imports `what` where it must not, in code or in types alone. */
function imports(rule, place, what, kind) {
  const planted = existsSync(place) ? { append: place } : { file: place };
  const text = kind === 'type' ? `export type * from '${what}';\n` : `import '${what}';\n`;
  return { ...planted, text, says: new RegExp(`${rule}: ${place.replaceAll('.', '\\.')}`) };
}

const copy = mkdtempSync(join(tmpdir(), 'breaches-'));
let missed = 0;
try {
  copySources();
  for (const run of RUNS) missed += missedBy(run);
} finally {
  rmSync(copy, { recursive: true });
}
console.log(missed === 0 ? 'All planted breaches were found.' : `${missed} planted breaches were missed.`);
process.exitCode = missed === 0 ? 0 : 1;

/** Everything that belongs to the repository, committed or not, and the installed dependencies as links. */
function copySources() {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const file of list.split('\0').filter((name) => name !== '' && existsSync(name))) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    copyFileSync(file, join(copy, file));
  }
  for (const modules of ['node_modules', 'local-model/node_modules'])
    if (existsSync(modules)) symlinkSync(resolve(modules), join(copy, modules), 'junction');
}

/** Plants the breaches of one run, runs its gate, and mends the copy again. Returns how many were not found. */
function missedBy({ gate, needs, breaches }) {
  if (needs !== undefined && !existsSync(needs)) {
    console.log(`MISSED ${gate}: ${needs} is not installed; run npm run check first`);
    return breaches.length;
  }
  const mend = breaches.map(plant);
  const [npm, ...first] = npmCommand();
  const { status, stdout, stderr } = spawnSync(npm, [...first, 'run', '--silent', gate], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const undo of mend) undo();
  const output = stdout + stderr;
  const lost = breaches.filter(({ says }) => status === 0 || !says.test(output));
  for (const breach of breaches)
    console.log(
      `${lost.includes(breach) ? 'MISSED' : 'found '} ${gate}: ${breach.file ?? breach.append} ${breach.says}`,
    );
  if (lost.length > 0) console.log(output.split('\n').slice(-60).join('\n'));
  return lost.length;
}

/** Returns what undoes it. */
function plant({ file, append, text, edit }) {
  const path = join(copy, file ?? append);
  if (file !== undefined) {
    writeFileSync(path, text);
    return () => rmSync(path);
  }
  const before = readFileSync(path, 'utf8');
  if (edit) writeFileSync(path, edit(before));
  else appendFileSync(path, text);
  return () => writeFileSync(path, before);
}
