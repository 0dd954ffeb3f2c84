import { statSync } from 'node:fs';
import type { OutputChecks } from '../../ports.js';
import type { Tool } from '../../authoring/define.js';
import type { Secrets } from '../secrets/secrets.js';
import { calculator } from './calculator/index.js';
import { createOutputChecks } from './checks.js';
import { definedTools } from './defined.js';
import { loadExtensions, ToolSetupError } from './extensions.js';
import { fileTools } from './files/index.js';
import { httpRequestTool, type HttpToolSettings } from './http/index.js';
import { nowTool } from './now.js';
import { createToolRunner, type ClosableToolRunner } from './runner.js';
import type { ToolSource } from './source.js';

/** What the operator provides of tools. */
export interface ToolSettings {
  /** The folder of authors' tools, guardrail functions and schemas. */
  extensionsDir: string;
  /** The folder that the file tools may read. Absent: there are no file tools. */
  filesRoot?: string;
  /** With no host allowed, there is no `http_request`. */
  http: HttpToolSettings;
  /** What references in arguments stand for. Absent: nothing. */
  secrets?: Secrets;
}

/** Tools and checks of one process. */
export interface OperatorTools {
  tools: ClosableToolRunner;
  checks: OutputChecks;
}

/** Names that no extension may take, whether the tool is available or not: a crew must not mean another tool by it tomorrow. */
const BUILT_IN = ['calculator', 'now', 'http_request', 'read_file', 'list_files', 'search_files'];

/**
 * The built-in tools, those of the operator's folder of extensions and of `more` sources, with the guardrail functions and
 * schemas of the folder.
 * @throws ToolSetupError that lists everything that is wrong
 */
export async function createTools(settings: ToolSettings, more: readonly ToolSource[] = []): Promise<OperatorTools> {
  const problems = rootProblems(settings.filesRoot);
  const extensions = await loadExtensions(settings.extensionsDir, BUILT_IN).catch((error: unknown) => {
    if (!(error instanceof ToolSetupError)) throw error;
    problems.push(error.message);
    return undefined;
  });
  if (!extensions || problems.length > 0) throw new ToolSetupError(problems);
  const sources = [definedTools([...builtIn(settings), ...extensions.tools.values()]), ...more];
  const { secrets } = settings;
  return { tools: createToolRunner({ sources, ...(secrets && { secrets }) }), checks: createOutputChecks(extensions) };
}

function builtIn({ http, filesRoot, secrets }: ToolSettings): Tool[] {
  return [
    calculator,
    nowTool(),
    ...(http.allow.length > 0 ? [httpRequestTool({ ...http, ...(secrets && { secrets }) })] : []),
    ...(filesRoot === undefined ? [] : fileTools(filesRoot)),
  ];
}

function rootProblems(filesRoot: string | undefined): string[] {
  if (filesRoot === undefined) return [];
  const isFolder = statSync(filesRoot, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? [] : [`FILES_ROOT=${filesRoot}: expected a folder that is there`];
}
