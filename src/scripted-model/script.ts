import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { formatPath, issuesOf, strict } from '../crew/issues.js';

/** The keys that say what happens; each answer has exactly one of these groups. */
const KINDS = ['text', 'json', 'tool_calls', 'rate_limit', 'error', 'malformed', 'hang'] as const;
/** Those that are an answer of a model. */
const SPOKEN: readonly string[] = ['text', 'json', 'tool_calls'];

const wholeNumber = (what: string, max: number) =>
  z.int(`Expected ${what}`).min(0, `Expected ${what}`).max(max, `Expected ${what}, at most ${max}`);
const onlyTrue = z.literal(true, { error: 'Expected true' });

const answerSchema = strict({
  /** The answer, as it is. May stand beside `tool_calls`. */
  text: z.string({ error: 'Expected a text' }).optional(),
  /** The answer as data: its text is this as JSON. */
  json: z.unknown().optional(),
  tool_calls: z
    .array(
      strict({
        name: z.string({ error: 'Required: expected the name of a tool' }),
        arguments: z.record(z.string(), z.unknown(), { error: 'Expected arguments by name' }).default({}),
        /** Instead of `arguments`: what is sent as it is, JSON or not. */
        arguments_text: z.string({ error: 'Expected a text' }).optional(),
        /** Absent: a new one; empty, or one that was used before, to see what clients make of it. */
        id: z.string({ error: 'Expected a text' }).optional(),
      }),
      { error: 'Expected a list of { name, arguments }' },
    )
    .min(1, 'Expected at least one tool call')
    .optional(),
  /** 429 with a Retry-After header. */
  rate_limit: strict({
    retry_after_seconds: z.number('Expected a number of seconds').min(0, 'Expected 0 seconds or more'),
  }).optional(),
  /** An error response in OpenAI's shape. */
  error: strict({
    status: z
      .int('Expected an HTTP status from 400 to 599')
      .min(400, 'Expected 400 to 599')
      .max(599, 'Expected 400 to 599'),
    message: z.string({ error: 'Required: expected the message of the error' }),
    /** OpenAI's machine-readable code, for example `context_length_exceeded`. */
    code: z.string({ error: 'Expected a text' }).optional(),
  }).optional(),
  /** A 200 whose body, or stream, is not valid JSON. */
  malformed: onlyTrue.optional(),
  /** The call is accepted and never answered. */
  hang: onlyTrue.optional(),

  /** Used only for calls whose messages, results of tools among them, contain this text. */
  when: z.string({ error: 'Expected a text' }).min(1, 'Expected a text, found an empty one').optional(),
  /** Used only for calls of this model. */
  when_model: z.string({ error: 'Expected the name of a model' }).min(1, 'Expected the name of a model').optional(),
  /** May be used any number of times; otherwise once. */
  repeat: z.boolean({ error: 'Expected true or false' }).default(false),
  /** Milliseconds before anything, headers included, is sent. */
  delay_ms: wholeNumber('a whole number of milliseconds', 86_400_000).default(0),
  /** Milliseconds between the chunks of a stream. */
  chunk_delay_ms: wholeNumber('a whole number of milliseconds', 60_000).default(0),
  /** Tokens to report; absent: words are counted. */
  usage: strict({
    input_tokens: wholeNumber('a whole number of tokens', 1e9),
    output_tokens: wholeNumber('a whole number of tokens', 1e9),
    /** The part of the input that came from a cache. */
    cached_input_tokens: wholeNumber('a whole number of tokens', 1e9).optional(),
    /** The part of the output that was reasoning. */
    reasoning_tokens: wholeNumber('a whole number of tokens', 1e9).optional(),
  }).optional(),
  /** Absent: `tool_calls` where there are any, else `stop`. */
  finish_reason: z
    .enum(['stop', 'length', 'content_filter', 'tool_calls'], {
      error: 'Expected one of: stop, length, content_filter, tool_calls',
    })
    .optional(),
  /** The connection is destroyed after this many characters of the text. A `usage` beside it is told before. */
  cut_after_chars: wholeNumber('a whole number of characters', 1e9).optional(),
}).superRefine((answer, context) => {
  const kinds = KINDS.filter((kind) => answer[kind] !== undefined);
  const [first = 'text', second] = kinds;
  const speaks = SPOKEN.includes(first);
  if (kinds.length === 0) {
    context.addIssue({ code: 'custom', message: `Expected one of: ${KINDS.join(', ')}` });
  } else if (kinds.length > 1 && kinds.join() !== 'text,tool_calls') {
    const message = `'${first}' and '${second}' exclude each other: expected one of them`;
    context.addIssue({ code: 'custom', message });
  }
  for (const key of ['usage', 'finish_reason'] as const) {
    if (answer[key] === undefined || speaks) continue;
    context.addIssue({ code: 'custom', path: [key], message: `Expected only beside 'text', 'json' or 'tool_calls'` });
  }
  if (answer.cut_after_chars !== undefined && answer.text === undefined) {
    context.addIssue({ code: 'custom', path: ['cut_after_chars'], message: `Expected only beside 'text'` });
  }
});

const scriptSchema = strict({
  answers: z.array(answerSchema, { error: 'Required: expected a list of answers' }),
}).superRefine(({ answers }, context) => {
  const greedy = answers.findIndex(
    ({ repeat, when, when_model: model }) => repeat && when === undefined && model === undefined,
  );
  if (greedy === -1 || greedy === answers.length - 1) return;
  const message = `Never used: answers.${greedy} repeats for every call. Put it last, or give it a 'when'.`;
  context.addIssue({ code: 'custom', path: ['answers', greedy + 1], message });
});

/** One answer of a script, defaults filled in. */
export type Answer = z.output<typeof answerSchema>;
/** A script, defaults filled in. */
export type Script = z.output<typeof scriptSchema>;
/** A script as people write it. */
export type ScriptInput = z.input<typeof scriptSchema>;

/** A script that cannot be played. The message names the source and, line by line, what was expected where. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/**
 * Checks a script and fills in its defaults.
 * @param source how messages name it, for example a file name
 * @throws ScriptError
 */
export function parseScript(document: unknown, source = 'script'): Script {
  const parsed = scriptSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const lines = issuesOf(parsed.error).map(({ path, message }) => `${source}: ${formatPath(path)}: ${message}`);
  throw new ScriptError(lines.join('\n'));
}

/**
 * Reads a script from a YAML or JSON file (JSON is YAML).
 * @throws ScriptError, also when the file cannot be read or is not YAML
 */
export async function loadScript(file: string): Promise<Script> {
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    throw new ScriptError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
  let document: unknown;
  try {
    document = parse(source);
  } catch (error) {
    throw new ScriptError(`${file}: expected YAML or JSON: ${(error as Error).message.trim()}`);
  }
  return parseScript(document, file);
}
