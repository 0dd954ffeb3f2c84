import type { OpenAPIHono } from '@hono/zod-openapi';
import { ACCESS } from './access.js';
import type { AppEnv } from './env.js';

type Document = ReturnType<OpenAPIHono<AppEnv>['getOpenAPI31Document']>;

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const SCHEME = {
  type: 'http',
  scheme: 'bearer',
  description:
    'An API key (`aos_…`), or a token of the identity provider, where the gateway authenticates callers. `x-scope` of an operation is what it needs; `admin` includes the others.',
} as const;

const REFUSALS = {
  401: 'Callers are authenticated here, and this one is not known',
  429: 'Too many requests, or too many open runs; `Retry-After` says how long',
} as const;

/** Writes into the document what each operation needs, and how it is refused. */
export function withAccess(document: Document): Document {
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of METHODS.flatMap((method) => path[method] ?? [])) {
      const access = ACCESS[operation.operationId ?? ''] ?? 'open';
      if (access === 'open') {
        operation.security = [];
        continue;
      }
      operation.security = [{ bearer: [] }];
      if (access !== 'any') Object.assign(operation, { 'x-scope': access });
      for (const [status, description] of Object.entries(REFUSALS))
        operation.responses = { ...operation.responses, [status]: { description, content: problem } };
    }
  }
  return {
    ...document,
    components: { ...document.components, securitySchemes: { bearer: SCHEME } },
  };
}
