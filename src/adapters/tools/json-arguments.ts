import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { invalidArguments } from '../../authoring/arguments.js';
import { putRight, type Misfit } from '../../authoring/coerce.js';
import type { JsonSchema } from '../../contract/wire.js';
import { nearest } from '../../crew/issues.js';

/** Schemas of others may use any draft, and keywords that we do not know. */
const OPTIONS = { strict: false, allErrors: true, logger: false } as const;

/**
 * Checks arguments against JSON Schemas of tools that have no zod schema.
 * Gives the arguments, with harmless slips put right (`putRight`).
 */
export type ArgumentsCheck = (args: Record<string, unknown>) => Record<string, unknown>;

/**
 * A check for one tool. A schema that cannot be read checks nothing: its server checks for itself.
 * The check throws a ToolCallError `invalid_arguments` that says what is wrong where.
 */
export function argumentsCheck(name: string, parameters: JsonSchema): ArgumentsCheck {
  const validate = compiled(parameters);
  if (!validate) return (args) => args;
  return (args) => {
    if (validate(args)) return args;
    const errors = [...(validate.errors ?? [])];
    const better = putRight(args, errors.map(misfit));
    if (better !== undefined && validate(better)) return better as Record<string, unknown>;
    throw invalidArguments(
      name,
      errors.map((error) => describeError(error, parameters)),
      args,
    );
  };
}

function compiled(schema: JsonSchema): ValidateFunction | undefined {
  try {
    const draft7 = typeof schema.$schema === 'string' && /draft-0[4-7]/.test(schema.$schema);
    const ajv = draft7 ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS);
    formats.default(ajv);
    // Ids are addresses in a registry that we do not keep: two tools may have the same.
    const { $id: _, $schema: _schema, ...rest } = schema;
    return ajv.compile(rest);
  } catch {
    return undefined;
  }
}

function misfit({ instancePath, keyword, params }: ErrorObject): Misfit {
  const path = pointer(instancePath);
  if (keyword === 'type') {
    const expected: unknown = params.type;
    return { path, expected: String(Array.isArray(expected) ? expected[0] : expected) };
  }
  return keyword === 'enum' ? { path, values: params.allowedValues as unknown[] } : { path };
}

function describeError({ instancePath, keyword, params, message }: ErrorObject, parameters: JsonSchema): string {
  const path = pointer(instancePath);
  const at = (...keys: string[]) => [...path, ...keys].join('.') || '(root)';
  switch (keyword) {
    case 'required':
      return `${at(String(params.missingProperty))}: required`;
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const near = path.length === 0 ? nearest(key, Object.keys(parameters.properties ?? {})) : undefined;
      return `${at(key)}: unknown${near === undefined ? '' : `, did you mean '${near}'?`}`;
    }
    case 'enum':
      return `${at()}: expected one of ${JSON.stringify(params.allowedValues).slice(0, 300)}`;
    default:
      return `${at()}: ${message ?? `does not fit '${keyword}'`}`;
  }
}

/** The keys of a JSON pointer. */
function pointer(text: string): string[] {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
