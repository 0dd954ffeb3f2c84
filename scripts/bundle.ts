import { mkdirSync, writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleOptions } from '../src/adapters/temporal/worker-options.js';
import { encryptedBundle, failureConverterPath } from '../src/compose-encryption.js';

/**
 * `npm run build:bundle`: makes the workflow bundle that production workers load (`WORKFLOW_BUNDLE`), which saves them
 * seconds at start, and beside it the one of workers that encrypt, which puts messages of failures into payloads. `npm run check:bundle`: fails where it grew past its ceiling, or holds what has no place in it.
 */
const FILE = 'build/workflow-bundle.js';

/**
 * Of the code alone, without its source map. 1.1 MB of it is Temporal's and OpenTelemetry's; batches, threads and schedules are
 * workflows of their own.
 */
const MAX_CODE_BYTES = 1_500_000;

/**
 * What must never be loaded in the workflow sandbox: it is large, or not deterministic. The bundler itself refuses Node's
 * built-ins.
 */
const FORBIDDEN = [
  /node_modules\/zod\//,
  /node_modules\/@langchain\//,
  /node_modules\/openai\//,
  /node_modules\/yaml\//,
];

const logger = new DefaultLogger('ERROR');
const { code } = await bundleWorkflowCode({ ...bundleOptions(), logger });
const encrypted = await bundleWorkflowCode({
  ...bundleOptions(),
  failureConverterPath: failureConverterPath(),
  logger,
});
mkdirSync('build', { recursive: true });
writeFileSync(FILE, code);
writeFileSync(encryptedBundle(FILE), encrypted.code);

const withoutMap = code.replace(/^\/\/# sourceMappingURL=.*$/gm, '');
const bytes = Buffer.byteLength(withoutMap);
const found = FORBIDDEN.filter((pattern) => pattern.test(withoutMap)).map(({ source }) => source);
console.log(`${FILE}: ${bytes} bytes of code, at most ${MAX_CODE_BYTES}`);
if (found.length > 0)
  console.error(`The bundle holds ${found.join(', ')}: import types only, or move the code to an activity.`);
if (bytes > MAX_CODE_BYTES)
  console.error('The bundle is too large: see what was imported at run time into src/workflows.');
if (found.length > 0 || bytes > MAX_CODE_BYTES) process.exitCode = 1;
