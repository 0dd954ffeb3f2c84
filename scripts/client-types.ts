import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { createApp } from '../src/api/app.js';
import type { AppDeps } from '../src/api/env.js';

/** Where the types of the HTTP interface lie that the client is made of. */
export const TYPES_FILE = 'src/client/openapi.ts';

const HEAD = `/* eslint-disable max-lines, @typescript-eslint/no-redundant-type-constituents */
/** The HTTP interface as types, made of the OpenAPI document by \`npm run client:types\`. Not edited by hand. */

`;

/** The types as they are by the routes of today. */
export async function clientTypes(): Promise<string> {
  // Routes say what they are without anything behind them: only requests need that.
  const settings = { version: '0.0.0', allowedHosts: [], corsOrigins: [] };
  const response = await createApp({
    settings,
    logger: { info: () => undefined, error: () => undefined },
  } as unknown as AppDeps).request('/openapi.json');
  if (!response.ok) throw new Error(`The document cannot be made: ${await response.text()}`);
  const nodes = await openapiTS((await response.json()) as OpenAPI3, { defaultNonNullable: false });
  const options = await resolveConfig(TYPES_FILE);
  return format(HEAD + astToString(nodes), { ...options, filepath: TYPES_FILE });
}

if (process.argv[1]?.endsWith('client-types.ts')) {
  const types = await clientTypes();
  if (!process.argv.includes('--check')) writeFileSync(TYPES_FILE, types);
  else if (readFileSync(TYPES_FILE, 'utf8') !== types) {
    console.error(`${TYPES_FILE} is not what the OpenAPI document says: npm run client:types`);
    process.exitCode = 1;
  }
}
