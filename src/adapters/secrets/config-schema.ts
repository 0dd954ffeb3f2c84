import { z } from 'zod';
import { strict } from '../../crew/issues.js';
import { parseAllowedHost, type AllowedHost } from '../tools/http/allow-list.js';
import { REFERENCE, SECRET_NAME_PATTERN } from './reference.js';

/** A host that may be sent a secret. */
export interface SecretHost extends AllowedHost {
  /** True: over http. Else over https only. */
  plain: boolean;
}

/** The tool that sends secrets to hosts. All others are trusted with what they are given. */
export const HTTP_TOOL = 'http_request';

const text = (what: string, max: number) =>
  z
    .string({ error: `Expected ${what}` })
    .min(1, `Expected ${what}`)
    .max(max, `Expected at most ${max} characters`);

const source = z.union(
  [
    strict({
      env: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'Expected the name of a variable, in capitals; never the secret itself'),
    }),
    strict({ file: text('the path of a file', 1_000) }),
  ],
  { error: 'Required: expected { env: VARIABLE } or { file: path }' },
);

const host = z.string({ error: 'Expected a host' }).transform((entry, context): SecretHost => {
  const plain = entry.startsWith('http://');
  const parsed = parseAllowedHost(entry.replace(/^https?:\/\//, ''));
  if (parsed && parsed.host !== '*') return { ...parsed, plain };
  context.addIssue({
    code: 'custom',
    message:
      'Expected api.example.com, *.example.com or localhost:8443, with http:// before it where https is not wanted',
  });
  return z.NEVER;
});

/** `Name: value` with one reference or more in the value. */
const header = text('a header', 4_000).regex(
  /^[A-Za-z0-9-]{1,100}:\s*[\x20-\x7e]+$/,
  'Expected Name: value, for example Authorization: Bearer {{secret:NAME}}',
);

const secret = strict({
  /** Where the value is. */
  from: source,
  /** Tools whose arguments may refer to it, with `*`. Absent: none; it is for the operator's own files. */
  tools: z.array(text('the name of a tool', 200), { error: 'Expected a list of names of tools' }).default([]),
  /** Hosts that http_request may send it to. */
  hosts: z.array(host, { error: 'Expected a list of hosts' }).default([]),
  /** Tenants whose runs may use it. Absent: all. */
  tenants: z.array(text('the name of a tenant', 200), { error: 'Expected a list of tenants' }).optional(),
  /** A header that http_request sends to these hosts by itself. */
  header: header.optional(),
}).superRefine(({ tools, hosts, header: sent }, context) => {
  const overHttp = tools.includes(HTTP_TOOL) || sent !== undefined;
  const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (overHttp && hosts.length === 0) issue('hosts', `Required: the hosts that ${HTTP_TOOL} may send it to`);
  if (!overHttp && hosts.length > 0) issue('hosts', `Says nothing without ${HTTP_TOOL} among its tools, or a header`);
  if (tools.some((tool) => tool.includes('*') && matchesTool(tool, HTTP_TOOL))) {
    issue('tools', `A pattern does not stand for ${HTTP_TOOL}: name it`);
  }
});

/** The whole file. Strict: an unknown key is an error. */
export const secretsFileSchema = strict({
  secrets: z.record(z.string(), secret, { error: 'Required: expected secrets by name' }),
}).superRefine(({ secrets }, context) => {
  for (const [name, { header: sent }] of Object.entries(secrets)) {
    if (!SECRET_NAME_PATTERN.test(name)) {
      const message = 'Expected a name in capitals: A to Z, digits and _ (64 characters at most)';
      context.addIssue({ code: 'custom', path: ['secrets', name], message });
    }
    const named = [...(sent ?? `{{secret:${name}}}`).matchAll(REFERENCE)].map((match) => match[1]);
    if (named.length > 0 && named.every((one) => one === name)) continue;
    const message = `Expected a reference to this secret and no other, for example Authorization: Bearer {{secret:${name}}}`;
    context.addIssue({ code: 'custom', path: ['secrets', name, 'header'], message });
  }
});

export type SecretEntry = z.output<typeof secretsFileSchema>['secrets'][string];

/** Whether a name of the list, or a pattern such as `files/*`, stands for a tool. */
export function matchesTool(pattern: string, tool: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(tool);
}
