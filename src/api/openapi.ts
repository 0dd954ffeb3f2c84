import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { issuesOf } from '../crew/issues.js';
import type { AppEnv } from './env.js';
import { listIssues, Problem } from './errors.js';
import { problemSchema } from './schemas.js';

/** A router whose routes validate with the schemas that the OpenAPI document is made of. */
export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      if (result.target === 'param') throw new Problem('not_found', 'There is nothing under this address');
      throw new Problem('invalid_request', `The ${WORDS[result.target] ?? 'request'} is not valid; see errors`, {
        errors: listIssues(issuesOf(result.error)),
      });
    },
  });
}

const WORDS: Record<string, string> = { json: 'body', query: 'query', header: 'header' };

/** An answer in JSON, for a route's `responses`. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** Error answers, for a route's `responses`: those every route has, and the given ones. */
export function problems<const S extends number>(...statuses: S[]) {
  const answer = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problemSchema } },
  });
  const entries = [...new Set([403, 500, ...statuses])].map((status) => [
    status,
    answer(STATUS_WORDS[status] ?? 'Error'),
  ]);
  return Object.fromEntries(entries) as Record<S, ReturnType<typeof answer>>;
}

const STATUS_WORDS: Record<number, string> = {
  400: 'The request cannot be read',
  403: 'You may not do this, or Host or Origin are not served',
  404: 'Not found',
  409: 'Not in this state; `detail` says why',
  410: 'The store does not have what the run kept there',
  413: 'The body is too large',
  415: 'The body is not declared as JSON',
  422: 'The request is not valid; `errors` says where',
  500: 'An internal error; nothing internal is shown',
  502: 'The run failed; `failure` says where and why',
  503: 'Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started',
};

/** The path of a route as the router has it. The parameter `path` takes slashes, which the document has no word for. */
export function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'path' ? ':path{.+}' : `:${name}`));
}

/** Answers 405 with `Allow` on every path of the document that was called with another method. */
export function refuseOtherMethods(app: OpenAPIHono<AppEnv>): void {
  const methods = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue;
    const { path, method } = definition.route;
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  for (const [path, allowed] of methods) {
    app.all(routerPath(path), () => {
      const allow = (allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed).join(', ');
      throw new Problem('method_not_allowed', `Use ${allow}`, {}, { allow });
    });
  }
}
