import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { licensesPage } from './lib/licenses.js';
import { inRepository } from './lib/packages.js';

/** `npm run licenses`: writes docs/licenses.md. `--check`: fails where it is out of date. Both fail on a licence that is not allowed. */
const FILE = inRepository('docs/licenses.md');
const { page, problems } = licensesPage();
const text = await format(page, { parser: 'markdown', printWidth: 120, singleQuote: true });
if (problems.length > 0) {
  console.error(['These licences are not allowed:', ...problems].join('\n  '));
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('docs/licenses.md is out of date: npm run licenses');
  process.exitCode = 1;
}
