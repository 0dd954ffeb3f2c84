#!/usr/bin/env node
/** `crew`, from a build where there is one, else from the sources. */
import { existsSync } from 'node:fs';

const built = new URL('../dist/crew-cli.js', import.meta.url);
const sources = new URL('../src/crew-cli.ts', import.meta.url);
if (!existsSync(sources)) {
  await import(built.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(sources.href);
}
