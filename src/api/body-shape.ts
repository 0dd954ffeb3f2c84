import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './env.js';
import { Problem } from './errors.js';

/** Deepest nesting of a body. A definition has about ten levels, a JSON Schema in it a few more. */
const MAX_DEPTH = 100;
/** Most values of a body, at all levels together. A thousand items of a batch with fifty inputs each have 50,000. */
const MAX_VALUES = 100_000;

/**
 * Refuses JSON that is made to break what reads it: nested out of reason, of values without number, with keys that reach into
 * prototypes. Before anything else looks at it: what comes after is recursive.
 */
export const bodyShape: MiddlewareHandler<AppEnv> = async (context, next) => {
  const type = context.req.header('content-type') ?? '';
  if (/^(GET|HEAD|OPTIONS)$/.test(context.req.method) || !/^application\/(.*\+)?json\s*(;|$)/i.test(type))
    return next();
  const problem = shapeProblem(await context.req.text());
  if (problem) throw new Problem(problem.code, `A body may ${problem.message}`);
  return next();
};

/** What is wrong with the shape of a JSON text, to be read after `may`; or nothing. */
export function shapeProblem(text: string): { code: 'body_too_complex' | 'bad_request'; message: string } | undefined {
  const { depth, values } = measure(text);
  if (depth > MAX_DEPTH) return { code: 'body_too_complex', message: `be nested ${MAX_DEPTH} levels deep at most` };
  if (values > MAX_VALUES) return { code: 'body_too_complex', message: `have at most ${MAX_VALUES} values` };
  return reachesPrototypes(text) ? { code: 'bad_request', message: "have no key '__proto__'" } : undefined;
}

/** How deep a JSON text is nested, and at most how many values it has; without parsing it. */
function measure(text: string): { depth: number; values: number } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === COMMA) values++;
    else if (char === OPEN_LIST || char === OPEN_OBJECT) {
      values++;
      deepest = Math.max(deepest, ++depth);
    } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) depth--;
  }
  return { depth: deepest, values };
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Array.from('"\\,[]{}', (char) =>
  char.charCodeAt(0),
);

/** A key `__proto__`, in whatever escapes. What is no JSON is for others to say. */
function reachesPrototypes(text: string): boolean {
  if (!text.includes('__proto__') && !text.includes('\\u')) return false;
  let found = false;
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') found = true;
      return value;
    });
  } catch {
    return false;
  }
  return found;
}
