import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kindOf, type Extension, type Guardrail, type NamedSchema, type Tool } from '../../authoring/define.js';
import { extensionProblems } from '../../authoring/problems.js';
import { messageOf } from '../../authoring/run-tool.js';
import { within } from '../../authoring/within.js';

/** Tools, checks or files' settings that cannot be used: every line says where, and what was expected. */
export class ToolSetupError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ToolSetupError';
  }
}

/** What the operator's folder of extensions provides, by name. */
export interface Extensions {
  tools: Map<string, Tool>;
  guardrails: Map<string, Guardrail>;
  schemas: Map<string, NamedSchema>;
}

const EXTENSION_FILE = /\.m?[jt]s$/;
const TYPESCRIPT = /\.m?ts$/;
const OTHER_FILE = /(\.d\.m?ts|\.test\.m?[jt]s)$/;

/** A file that waits for ever at its top must not keep a process from saying so. */
const IMPORT_TIMEOUT_MS = 30_000;

/**
 * Imports all `*.ts`, `*.mts`, `*.js` and `*.mjs` files of a folder, but tests and declarations, and takes every export that
 * a define function made. A folder that is not there has none. `taken`: names of tools that are built in.
 * @throws ToolSetupError that names everything wrong in every file
 */
export async function loadExtensions(folder: string, taken: readonly string[]): Promise<Extensions> {
  const found: Extensions = { tools: new Map(), guardrails: new Map(), schemas: new Map() };
  const problems: string[] = [];
  const origins = new Map(taken.map((name) => [`tool ${name}`, 'a built-in tool']));
  const seen = new Set<unknown>();
  const files = extensionFiles(folder);
  if (files.some((file) => TYPESCRIPT.test(file))) await enableTypeScript();
  for (const file of files) {
    try {
      for (const extension of await extensionsOf(file)) {
        // The same object under two names, or passed on by another file, is one extension.
        if (seen.has(extension)) continue;
        seen.add(extension);
        problems.push(...register(found, origins, file, extension).map((problem) => `${file}: ${problem}`));
      }
    } catch (error) {
      problems.push(`${file}: ${whyNotLoaded(file, error)}`);
    }
  }
  if (problems.length > 0) throw new ToolSetupError(problems);
  return found;
}

function extensionFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => EXTENSION_FILE.test(name) && !OTHER_FILE.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ToolSetupError([
      `${folder}: this folder of extensions cannot be read; set EXTENSIONS_DIR to one that can`,
    ]);
  }
}

async function extensionsOf(file: string): Promise<Extension[]> {
  const module = await within(
    { signal: new AbortController().signal, timeoutMs: IMPORT_TIMEOUT_MS },
    () => import(pathToFileURL(resolve(file)).href) as Promise<Record<string, unknown>>,
    () => new Error(`it was not loaded within ${IMPORT_TIMEOUT_MS} ms`),
  );
  return Object.values(module).filter((value): value is Extension => kindOf(value) !== undefined);
}

/**
 * Node 20 does not load TypeScript. In a checkout tsx is installed, which makes it: imported by a name that is not known
 * before, as it is no dependency of the service. No tsconfig, whose paths would bring a second copy of the authoring module.
 */
async function enableTypeScript(): Promise<void> {
  const { typescript } = process.features as { typescript?: unknown };
  if (typescript || import.meta.url.endsWith('.ts')) return;
  const name = 'tsx/esm/api';
  const tsx = (await import(name).catch(() => undefined)) as
    { register(options: { tsconfig: false }): void } | undefined;
  tsx?.register({ tsconfig: false });
}

function register(found: Extensions, origins: Map<string, string>, file: string, extension: Extension): string[] {
  const problems = extensionProblems(extension);
  if (problems.length > 0) return problems;
  const kind = kindOf(extension);
  const key = `${kind} ${extension.name}`;
  const other = origins.get(key);
  if (other !== undefined) return [`${kind} '${extension.name}': this is also the name of ${other}`];
  origins.set(key, `one in ${file}`);
  if (kind === 'tool') found.tools.set(extension.name, extension as Tool);
  else if (kind === 'guardrail') found.guardrails.set(extension.name, extension as Guardrail);
  else found.schemas.set(extension.name, extension as NamedSchema);
  return [];
}

function whyNotLoaded(file: string, error: unknown): string {
  if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION' && TYPESCRIPT.test(file)) {
    return `Node ${process.versions.node} does not load TypeScript by itself: use Node 22.18 or newer, start it with --import tsx, or compile the file to JavaScript`;
  }
  return `it cannot be loaded: ${messageOf(error)}`;
}
