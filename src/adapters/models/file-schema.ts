import { z } from 'zod';
import { strict, suggestion } from '../../crew/issues.js';

const wholeNumber = (what: string, max: number) =>
  z.int(`Expected ${what}`).min(1, `Expected ${what}, at least 1`).max(max, `Expected ${what}, at most ${max}`);
const usd = z.number('Expected US dollars per million tokens').min(0, 'Expected 0 or more').max(1e6);

/** Upper case only, so that a key that was put here by mistake is refused; what was written is never said back. */
const variableName = z
  .string({ error: 'Expected the name of a variable' })
  .regex(
    /^[A-Z][A-Z0-9_]{0,99}$/,
    'Expected the name of a variable, in capitals, for example GROQ_API_KEY; never the key itself',
  );

/** The variable or, for short, the secret that a header takes its value from. */
const variableOrSecret = z
  .string({ error: 'Expected the name of a variable, or {{secret:NAME}}' })
  .regex(
    /^(?:[A-Z][A-Z0-9_]{0,99}|\{\{secret:[A-Z][A-Z0-9_]{0,63}\}\})$/,
    'Expected the name of a variable, in capitals, or {{secret:NAME}}; never the value itself',
  );

const secretReference = z
  .string({ error: 'Expected {{secret:NAME}}' })
  .regex(
    /^\{\{secret:[A-Z][A-Z0-9_]{0,63}\}\}$/,
    'Expected {{secret:NAME}}, a secret of secrets.yaml; never the key itself',
  );

/** Names of models: what definitions write, and CrewAI's `provider/model`. */
const modelName = z
  .string({ error: 'Expected the name of a model' })
  .regex(/^[A-Za-z0-9][\w.:/@+-]{0,199}$/, 'Expected a name of letters, digits and ._:/@+- (200 characters at most)');

const baseUrl = z.url({ protocol: /^https?$/, error: 'Expected a URL that begins with http:// or https://' }).refine(
  (url) => {
    // What is no URL at all has been said.
    if (!URL.canParse(url)) return true;
    const { username, password } = new URL(url);
    return username === '' && password === '';
  },
  { error: 'Expected a URL without a user or password; put keys into variables, see api_key_env and headers_env' },
);

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `Expected one of: ${values.join(', ')}` });

const modelSchema = strict({
  /** What the provider calls it; `provider/model` without a `base_url` says where, too. Absent: as the entry's name. */
  model: z.string({ error: 'Expected what the provider calls the model' }).min(1).max(200).optional(),
  /** An OpenAI-compatible endpoint. Absent: the provider's own. */
  base_url: baseUrl.optional(),
  /** The name of the variable that holds the key. Absent: the provider's usual one; with a `base_url`, no key is sent. */
  api_key_env: variableName.optional(),
  /** The secret that is the key, in place of `api_key_env`. */
  api_key: secretReference.optional(),
  /** Tokens of prompt and answer together. */
  context_window: wholeNumber('a whole number of tokens', 1e9).optional(),
  /** Longest answer in tokens, where the definition sets none. */
  max_output_tokens: wholeNumber('a whole number of tokens', 1e6).optional(),
  temperature: z.number('Expected a number from 0 to 2').min(0, 'Expected 0 to 2').max(2, 'Expected 0 to 2').optional(),
  /** US dollars per million tokens. */
  prices: strict({ input: usd, output: usd, cached_input: usd.optional() }).optional(),
  /** Requests a minute, over all runs and workers. */
  rpm: wholeNumber('a whole number of requests a minute', 1e7).optional(),
  /** Tokens a minute, over all runs and workers. */
  tpm: wholeNumber('a whole number of tokens a minute', 1e12).optional(),
  /** `json`: it cannot call tools, but answers in JSON. */
  tools: oneOf(['native', 'json', 'none']).optional(),
  response_format: oneOf(['json_schema', 'json_object', 'none']).optional(),
  /** False: the endpoint refuses `response_format` beside tools, or calls no tool then. */
  format_with_tools: z.boolean({ error: 'Expected true or false' }).optional(),
  /** Longest time of one call; a task's own limit may be shorter. */
  timeout_seconds: wholeNumber('a whole number of seconds', 86_400).optional(),
  /** Further headers, each with the name of the variable that holds its value. */
  headers_env: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'Expected the name of a header'), variableOrSecret, {
      error: 'Expected names of headers, each with the name of a variable',
    })
    .optional(),
  /** Further names for it. */
  aliases: z.array(modelName, { error: 'Expected a list of names' }).max(50).default([]),
});

/** A name with nothing behind it is a model as its provider has it. */
const models = z.preprocess(
  (value) =>
    value === null || typeof value !== 'object' || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, (entry as unknown) ?? {}])),
  z.record(modelName, modelSchema, { error: 'Required: expected models by name' }),
);

/** The whole file. Strict: an unknown key is an error. */
export const modelsFileSchema = strict({
  /** The model of agents that name none. May be left out where there is only one. */
  default: modelName.optional(),
  /** True: definitions may name these models only, and no `provider/model` besides. */
  only_listed: z.boolean({ error: 'Expected true or false' }).default(false),
  models,
}).superRefine((file, context) => {
  const names = Object.keys(file.models);
  if (names.length === 0)
    context.addIssue({ code: 'custom', path: ['models'], message: 'Expected at least one model' });
  const taken = new Map(names.map((name) => [name, name]));
  for (const [name, { aliases }] of Object.entries(file.models)) {
    for (const [at, alias] of aliases.entries()) {
      const other = taken.get(alias);
      const message = `'${alias}' is a name of model '${other}' already`;
      if (other !== undefined) context.addIssue({ code: 'custom', path: ['models', name, 'aliases', at], message });
      else taken.set(alias, name);
    }
  }
  if (file.default === undefined) {
    const message = `Required: with several models, say which one is for agents that name none. Known: ${names.slice(0, 30).join(', ')}.`;
    if (names.length > 1) context.addIssue({ code: 'custom', path: ['default'], message });
  } else if (!taken.has(file.default)) {
    const message = `No model is named '${file.default}'.${suggestion(file.default, [...taken.keys()])}`;
    context.addIssue({ code: 'custom', path: ['default'], message });
  }
});

/** `models.yaml` as parsed and defaulted. */
export type ModelsFile = z.output<typeof modelsFileSchema>;
export type ModelSettings = ModelsFile['models'][string];
