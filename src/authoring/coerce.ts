/** One thing that is wrong with arguments: where, and what would have been right there. */
export interface Misfit {
  path: readonly PropertyKey[];
  /** A type as JSON Schema calls it, */
  expected?: string;
  /** or the values that are allowed. */
  values?: readonly unknown[];
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Arguments with the harmless slips of models put right, in a copy; undefined where there is nothing to put right:
 * numbers, true/false and lists written as texts, a number where a text is wanted, one value where a list is wanted, `null`
 * for what is left out, `get` for `GET`. Whether they fit then is for the caller to check.
 */
export function putRight(args: unknown, misfits: readonly Misfit[]): unknown {
  const copy = structuredClone(args);
  return misfits.filter((misfit) => putOneRight(copy, misfit)).length > 0 ? copy : undefined;
}

function putOneRight(root: unknown, { path, expected, values }: Misfit): boolean {
  const key = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>(inside, root);
  if (key === undefined || !holds(parent, key)) return false;
  const value = parent[key];
  if (value === null && !Array.isArray(parent)) return delete parent[key];
  const better = values ? amongst(values, value) : asType(expected, value);
  if (better === undefined) return false;
  parent[key] = better;
  return true;
}

function inside(value: unknown, key: PropertyKey): unknown {
  return holds(value, key) ? value[key] : undefined;
}

function holds(value: unknown, key: PropertyKey): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function amongst(values: readonly unknown[], value: unknown): unknown {
  if (typeof value !== 'string') return values.includes(String(value)) ? String(value) : undefined;
  const same = (one: unknown) => String(one).toLowerCase() === value.trim().toLowerCase();
  return values.find((one) => same(one) && one !== value);
}

function asType(expected: string | undefined, value: unknown): unknown {
  switch (expected) {
    case 'string':
      return typeof value === 'number' ? String(value) : undefined;
    case 'number':
    case 'int':
    case 'integer':
      return typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : undefined;
    case 'boolean':
      return typeof value === 'string' ? { true: true, false: false }[value.trim().toLowerCase()] : undefined;
    case 'object':
    case 'record':
      return parsed(value, (json) => typeof json === 'object' && json !== null && !Array.isArray(json));
    case 'array':
      return parsed(value, Array.isArray) ?? (typeof value === 'string' ? [value] : undefined);
    default:
      return undefined;
  }
}

function parsed(value: unknown, fits: (json: unknown) => boolean): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    const json: unknown = JSON.parse(value);
    return fits(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
