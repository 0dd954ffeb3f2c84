import { loose } from './import-names.js';
import { asText, found, isRecord } from './import-values.js';
import type { ImportReport } from './import-report.js';

/** Well-known tools of CrewAI that one of ours can stand for, by their loose names without `tool`. */
const SAME_MEANING: Readonly<Record<string, string>> = {
  fileread: 'read_file',
  filereader: 'read_file',
  readfile: 'read_file',
  directoryread: 'list_files',
  directoryreader: 'list_files',
  listdirectory: 'list_files',
  directorysearch: 'search_files',
  txtsearch: 'search_files',
  mdxsearch: 'search_files',
  scrapewebsite: 'http_request',
  scrapeelementfromwebsite: 'http_request',
  websitesearch: 'http_request',
  webscraper: 'http_request',
  httprequest: 'http_request',
  calculator: 'calculator',
  calculate: 'calculator',
};

/** Most tools that a list may have. */
const MAX_TOOLS = 100;

/**
 * The tools of an agent or task that can be used here: those the operator has under the same name, and well-known ones that
 * one of ours stands for, where it is among `available`. Others are left out and reported.
 */
export function importTools(
  value: unknown,
  available: readonly string[],
  path: string,
  report: ImportReport,
): string[] | undefined {
  const names = new Set(namesOf(value).flatMap((name) => importTool(name, available, path, report) ?? []));
  return names.size === 0 ? undefined : [...names].slice(0, MAX_TOOLS);
}

function namesOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
  return all.map(nameOf).filter((name) => name !== '');
}

/** `SerperDevTool`, `SerperDevTool()`, `self.search_tool`, `custom:search`, `{ name: … }`, `{ python: tools.search }`. */
function nameOf(value: unknown): string {
  if (isRecord(value)) {
    const [only] = Object.keys(value);
    return asText(value['name'] ?? value['type'] ?? value['tool'] ?? value['python'] ?? only);
  }
  return asText(value)
    .replace(/^[-*\s]+/, '')
    .replace(/\(.*$/s, '')
    .replace(/^self\./, '')
    .trim();
}

function importTool(
  name: string,
  available: readonly string[],
  path: string,
  report: ImportReport,
): string | undefined {
  const short = name.replace(/^custom:/, '');
  const same = available.find((tool) => tool === short) ?? available.find((tool) => loose(tool) === loose(short));
  if (same !== undefined) return same;
  if (isServerTool(short, available)) return short;
  const core = loose(short.split('.').at(-1) ?? short).replace(/tools?$/, '');
  const ours = Object.hasOwn(SAME_MEANING, core) ? SAME_MEANING[core] : undefined;
  if (ours === undefined) {
    report.unknown.push({
      path,
      message: `The tool ${found(name)} is Python and was left out. A tool of yours, or an MCP server's, can take its place`,
    });
    return undefined;
  }
  if (available.includes(ours)) {
    report.warnings.push({ path, message: `${name} became ${ours}` });
    return ours;
  }
  report.toSet.push({
    path,
    message: `${name} was left out: configure the tool ${ours}, which does the same, and name it under tools`,
  });
  return undefined;
}

/** `server/tool` of a server whose tools are there. */
function isServerTool(name: string, available: readonly string[]): boolean {
  const slash = name.indexOf('/');
  return slash > 0 && slash < name.length - 1 && available.includes(`${name.slice(0, slash)}/*`);
}
