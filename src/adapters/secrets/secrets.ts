import { ToolCallError } from '../../contract/tool-error.js';
import { isAllowed } from '../tools/http/allow-list.js';
import { HTTP_TOOL, matchesTool, type SecretEntry } from './config-schema.js';
import { SecretsFileError } from './config.js';
import { hasReference, REFERENCE, shownReference } from './reference.js';
import { SecretValue } from './values.js';

/** Who wants a secret. */
export interface SecretUse {
  tool: string;
  /** Whose run it is. */
  tenant?: string;
  /** Where it would be sent: of http_request. */
  url?: URL;
}

/** The secrets of a process. Values leave it in requests only: never in a message, a log or a result. */
export interface Secrets {
  /** For the operator's own files. Undefined: there is none of this name, or it has no value. */
  value(name: string): string | undefined;
  /** The text with its references replaced. @throws ToolCallError `refused` that names the reference, never a value */
  fill(text: string, use: SecretUse): string;
  /** The headers that the operator wants sent to this address, by their names in lower case. */
  headers(use: SecretUse & { url: URL }): Record<string, string>;
  /** The text without any value, however it is written there. */
  redact(text: string): string;
}

/**
 * The secrets of a file. `variable` gives those that come from the environment.
 * @throws SecretsFileError that names every one that has no value
 */
export function createSecrets(
  entries: Readonly<Record<string, SecretEntry>>,
  variable: (name: string) => string | undefined,
): Secrets {
  const all = new Map(
    Object.entries(entries).map(([name, entry]) => [name, { entry, value: new SecretValue(entry.from, variable) }]),
  );
  const problems = [...all].flatMap(([name, { value }]) => {
    const problem = value.problem();
    return problem === undefined ? [] : [`secrets.${name}: ${problem}`];
  });
  if (problems.length > 0) throw new SecretsFileError(problems);

  const valueFor = (name: string, use: SecretUse): string => {
    const found = all.get(name);
    const refuse = (why: string) => new ToolCallError('refused', `${shownReference(name)}: ${why}`);
    if (!found) throw refuse('the operator has no secret of this name');
    const problem = whyNot(found.entry, use);
    if (problem !== undefined) throw refuse(problem);
    const value = found.value.read();
    if (value === undefined) throw new ToolCallError('unavailable', `${shownReference(name)}: it has no value now`);
    return value;
  };
  return {
    value: (name) => all.get(name)?.value.read(),
    fill: (text, use) =>
      hasReference(text) ? text.replace(REFERENCE, (_, name: string) => valueFor(name, use)) : text,
    headers(use) {
      const sent = [...all].flatMap(([name, { entry }]): [string, string][] => {
        const { header = '' } = entry;
        if (header === '' || whyNot({ ...entry, tools: [HTTP_TOOL] }, use) !== undefined) return [];
        const colon = header.indexOf(':');
        const filled = header.slice(colon + 1).replace(REFERENCE, () => all.get(name)?.value.read() ?? '');
        return [[header.slice(0, colon).toLowerCase(), filled.trim()]];
      });
      return Object.fromEntries(sent);
    },
    redact(text) {
      let clean = text;
      for (const [name, { value }] of all) {
        value.read();
        for (const writing of value.writings()) clean = clean.replaceAll(writing, `[secret ${name}]`);
      }
      return clean;
    },
  };
}

/** No secrets at all: every reference is one to nothing. */
export function noSecrets(): Secrets {
  return createSecrets({}, () => undefined);
}

/** Why a secret is not for this use, in words for a model and people. */
function whyNot({ tools, hosts, tenants }: SecretEntry, { tool, tenant, url }: SecretUse): string | undefined {
  if (!tools.some((pattern) => matchesTool(pattern, tool))) return `the tool ${tool} may not have this secret`;
  if (tenants && !(tenant !== undefined && tenants.includes(tenant))) return 'this secret is not for these runs';
  if (tool !== HTTP_TOOL) return undefined;
  if (!url) return 'it may stand in the values of headers only';
  const matching = hosts.filter((host) => isAllowed([host], url));
  if (matching.length === 0) return `it may not be sent to ${url.host}`;
  const isPlain = url.protocol === 'http:';
  return isPlain && !matching.some(({ plain }) => plain) ? 'it is sent over https only' : undefined;
}
