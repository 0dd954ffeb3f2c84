import { existsSync, readFileSync, statSync } from 'node:fs';
import { issuesOf, type Issue } from '../../crew/issues.js';
import { REFERENCE, referredName } from '../secrets/reference.js';
import { readYaml } from '../yaml-issues.js';
import { mcpFileSchema, PLACEHOLDER, type HttpEntry, type StdioEntry } from './config-schema.js';

/** A file of MCP servers that cannot be used: every line says file, place, path and what was expected. */
export class McpConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'McpConfigError';
  }
}

/** An MCP server as the operator configured it, with its secrets filled in: never to be logged. */
export interface McpServer {
  name: string;
  target: StdioTarget | HttpTarget;
  /** Longest time of one tool call. */
  timeoutMs: number;
  /** Longest time until the server is there. */
  connectTimeoutMs: number;
  /** Patterns of tools that may be used. Absent: all. */
  allow?: string[];
  deny: string[];
  /** Absent: what the server says. */
  idempotent?: boolean | string[];
  cacheable: boolean | string[];
  /** What came out of variables: kept out of logs and of what tools give. */
  secrets: string[];
}

/** A process of ours that speaks over stdin and stdout. */
export interface StdioTarget {
  kind: 'stdio';
  command: string;
  args: string[];
  /** Beside the few variables that every server gets (PATH, HOME…). */
  env: Record<string, string>;
  cwd?: string;
}

/** A server that is reached over streamable HTTP. */
export interface HttpTarget {
  kind: 'http';
  url: string;
  headers: Record<string, string>;
}

/** Reads a variable, or the secret of a reference; undefined where it is not set, or set to nothing. */
type Variables = (name: string) => string | undefined;

/** Where servers are looked for when nothing is said. */
const DEFAULT_FILE = 'mcp.yaml';
/** What `MCP_CONFIG` is set to where no file shall be read. */
const NO_FILE = 'none';

/**
 * The MCP servers that the operator configured. `setting`: what `MCP_CONFIG` says; absent: `mcp.yaml` where there is one;
 * `none`: no file. `variable` gives the secrets that the file names.
 * @throws McpConfigError that names everything wrong, and every variable that is not set
 */
export function loadMcpConfig(setting: string | undefined, variable: Variables): McpServer[] {
  const file = configFile(setting);
  if (file === undefined) return [];
  const { entries, describe } = readEntries(file);
  const issues: Issue[] = [];
  const servers = Object.entries(entries).map(([name, entry]) => {
    const report = (path: string[], message: string) => issues.push({ path: ['servers', name, ...path], message });
    return serverOf(name, entry, variable, report);
  });
  if (issues.length > 0) throw new McpConfigError(issues.map(describe));
  return servers;
}

/**
 * The names of the servers, for whoever checks definitions and calls no tool: no variable is looked at.
 * @throws McpConfigError
 */
export function mcpServerNames(setting: string | undefined): string[] {
  const file = configFile(setting);
  return file === undefined ? [] : Object.keys(readEntries(file).entries);
}

function configFile(setting: string | undefined): string | undefined {
  if (setting === NO_FILE) return undefined;
  if (setting === undefined && !existsSync(DEFAULT_FILE)) return undefined;
  return setting ?? DEFAULT_FILE;
}

function readEntries(file: string) {
  const yaml = readYaml(file, read(file));
  if (!yaml.ok) throw new McpConfigError(yaml.problems);
  const parsed = mcpFileSchema.safeParse(yaml.value);
  if (!parsed.success) throw new McpConfigError(issuesOf(parsed.error).map(yaml.describe));
  return { entries: parsed.data.servers, describe: yaml.describe };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    const hint = `set MCP_CONFIG to one that can, or to ${NO_FILE}`;
    throw new McpConfigError([`${file}: this file of MCP servers cannot be read (${code}); ${hint}`]);
  }
}

type Report = (path: string[], message: string) => void;

function serverOf(name: string, entry: StdioEntry | HttpEntry, variable: Variables, report: Report): McpServer {
  const secrets: string[] = [];
  const take = (from: string, path: string[]): string => {
    const value = variable(from);
    const secret = referredName(from);
    const missing =
      secret === undefined ? `The variable ${from} is not set` : `There is no secret ${secret} (SECRETS_CONFIG)`;
    if (value === undefined) report(path, missing);
    else secrets.push(value);
    return value ?? '';
  };
  const { allow, idempotent } = entry;
  return {
    name,
    target: 'url' in entry ? httpTarget(entry, take, report) : stdioTarget(entry, take, report),
    timeoutMs: entry.timeout_seconds * 1_000,
    connectTimeoutMs: entry.connect_timeout_seconds * 1_000,
    deny: entry.deny,
    cacheable: entry.cacheable,
    ...(allow && { allow }),
    ...(idempotent !== undefined && { idempotent }),
    secrets,
  };
}

/** A variable or a secret. */
const EITHER = new RegExp(`${PLACEHOLDER.source}|${REFERENCE.source}`, 'g');

type Take = (variable: string, path: string[]) => string;

function stdioTarget({ command, args, env, cwd }: StdioEntry, take: Take, report: Report): StdioTarget {
  if (cwd !== undefined && !statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    report(['cwd'], 'There is no such folder');
  }
  const values = Object.entries(env).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object'
      ? take(value.from, ['env', name, 'from'])
      : String(value).replace(REFERENCE, (reference) => take(reference, ['env', name])),
  ]);
  return { kind: 'stdio', command, args, env: Object.fromEntries(values), ...(cwd !== undefined && { cwd }) };
}

function httpTarget({ url, headers }: HttpEntry, take: Take, report: Report): HttpTarget {
  const values = Object.entries(headers).map(([name, template]): [string, string] => {
    const path = ['headers', name];
    // In one go: what a value brings along is a value.
    const value = template.replace(EITHER, (found: string) =>
      take(referredName(found) === undefined ? found.slice(2, -1) : found, path),
    );
    // Said here, as what sends it would quote the value.
    if (!/^[\x20-\x7e\t]*$/.test(value)) report(path, 'A header takes one line of ASCII characters');
    return [name, value];
  });
  return { kind: 'http', url, headers: Object.fromEntries(values) };
}
