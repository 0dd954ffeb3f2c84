import { z } from 'zod';
import { issuesOf, strict } from '../../crew/issues.js';
import { NAME_PATTERN } from '../../crew/schema.js';
import { hasReference, REFERENCE, SECRET_NAME_PATTERN } from '../secrets/reference.js';

/** `${VARIABLE}` in the value of a header. */
export const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** Upper case only, so that a secret that was put here by mistake is refused; what was written is never said back. */
const VARIABLE = /^[A-Z][A-Z0-9_]{0,99}$/;
const variable = z
  .string({ error: 'Expected the name of a variable' })
  .regex(VARIABLE, 'Expected the name of a variable, in capitals; never the secret itself');

/** What holds a secret by its name: its value has no place in a file. */
const SECRET_NAME = /(^|[_-])(api[_-]?key|key|token|secret|password|passwd|credentials?|authorization|cookie)$/i;

const required = (what: string) => (issue: { input?: unknown }) =>
  issue.input === undefined ? `Required: expected ${what}` : `Expected ${what}`;
const text = (what: string, max: number) =>
  z
    .string({ error: required(what) })
    .min(1, `Expected ${what}`)
    .max(max, `Expected at most ${max} characters`);
const seconds = (max: number) => {
  const what = `a whole number of seconds from 1 to ${max}`;
  return z.int(`Expected ${what}`).min(1, `Expected ${what}`).max(max, `Expected ${what}`);
};
const toolPatterns = z.array(text('the name of a tool, or a pattern such as read_*', 200), {
  error: 'Expected a list of names of tools; * stands for any characters',
});
const yesNoOrTools = z.union([z.boolean(), z.array(text('the name of a tool', 200))], {
  error: 'Expected true, false or a list of names of tools',
});

/** A plain value, or the variable that it is taken from. */
const envValue = z.union([z.string(), z.number(), z.boolean(), strict({ from: variable })], {
  error: 'Expected a text, or { from: VARIABLE } with the name of a variable in capitals',
});

const env = z.record(z.string(), envValue, { error: 'Expected values by the names of variables' }).superRefine(
  eachEntry((name, value) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'Expected the name of a variable: letters, digits and _';
    if (typeof value === 'object') return undefined;
    if (hasReference(String(value))) return badReference(String(value));
    if (!SECRET_NAME.test(name)) return undefined;
    return 'This looks like a secret: write { from: VARIABLE }, the name of the variable that holds it';
  }),
);

const headers = z
  .record(z.string(), text('a text', 4_000), { error: 'Expected values by the names of headers' })
  .superRefine(
    eachEntry((name, value) => {
      if (!/^[A-Za-z0-9-]{1,100}$/.test(name)) return 'Expected the name of a header: letters, digits and -';
      const variables = [...value.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
      if (!variables.every((variable) => VARIABLE.test(variable))) {
        return 'Expected ${VARIABLE} with the name of a variable in capitals';
      }
      const reference = badReference(value);
      if (reference !== undefined) return reference;
      if (variables.length > 0 || hasReference(value) || !SECRET_NAME.test(name)) return undefined;
      return 'This looks like a secret: write ${VARIABLE} with the name of the variable that holds it, for example Bearer ${VARIABLE}';
    }),
  );

/** What is wrong with the references in a value. */
function badReference(value: string): string | undefined {
  const names = [...value.matchAll(REFERENCE)].map((match) => match[1] ?? '');
  if (names.every((name) => SECRET_NAME_PATTERN.test(name))) return undefined;
  return 'Expected {{secret:NAME}} with the name of a secret of secrets.yaml, in capitals';
}

const url = z.url({ protocol: /^https?$/, error: required('a URL that begins with http:// or https://') }).refine(
  (address) => {
    const { username, password } = new URL(address);
    return username === '' && password === '';
  },
  { error: 'Expected a URL without a user or password; put secrets into headers, by the name of a variable' },
);

const common = {
  /** Longest time of one tool call. Absent: 60. */
  timeout_seconds: seconds(3_600).default(60),
  /** Longest time until the server is there. Absent: 30. */
  connect_timeout_seconds: seconds(600).default(30),
  /** Which of its tools may be used. Absent: all. */
  allow: toolPatterns.optional(),
  /** Which may not, though they are allowed. */
  deny: toolPatterns.default([]),
  /** Whether a call may simply be made again. Absent: what the server says of each tool. A list: these and no others. */
  idempotent: yesNoOrTools.optional(),
  /** Whether the same arguments give the same result within a run. Absent: no. */
  cacheable: yesNoOrTools.default(false),
  approval: z.never({ error: 'The approval of tool calls comes with a later version; remove this key' }).optional(),
};

/** A server that is a process of ours. */
const stdioServer = strict({
  command: text('a command, or a url for a server over HTTP', 1_000),
  args: z.array(text('a text (a number stands in quotes)', 10_000), { error: 'Expected a list of texts' }).default([]),
  env: env.default({}),
  cwd: text('a folder', 1_000).optional(),
  ...common,
});

/** A server that is reached over streamable HTTP. */
const httpServer = strict({ url, headers: headers.default({}), ...common });

export type StdioEntry = z.infer<typeof stdioServer>;
export type HttpEntry = z.infer<typeof httpServer>;

/** One or the other, told apart by its keys, so that mistakes are named by the schema that was meant. */
const server = z.unknown().transform((value, context): StdioEntry | HttpEntry => {
  const has = (key: string) => typeof value === 'object' && value !== null && key in value;
  if (has('url') && has('command')) {
    context.addIssue({ code: 'custom', message: 'Expected command (a process) or url (streamable HTTP), not both' });
    return z.NEVER;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({ code: 'custom', message: 'Expected a server: { command, args } or { url }' });
    return z.NEVER;
  }
  const parsed = (has('url') || has('headers') ? httpServer : stdioServer).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of issuesOf(parsed.error)) context.addIssue({ code: 'custom', ...issue });
  return z.NEVER;
});

/** The whole file. Strict: an unknown key is an error. */
export const mcpFileSchema = strict({
  servers: z
    .record(z.string(), server, { error: required('servers by name') })
    .superRefine(
      eachEntry((name) =>
        NAME_PATTERN.test(name)
          ? undefined
          : 'Expected as a name a letter followed by letters, digits, _ or - (64 characters at most)',
      ),
    ),
});

/** A refinement of a record by a function that says what is wrong with an entry. */
function eachEntry<T>(problem: (name: string, value: T) => string | undefined) {
  return (record: Record<string, T>, context: z.RefinementCtx) => {
    for (const [name, value] of Object.entries(record)) {
      const message = problem(name, value);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
    }
  };
}
