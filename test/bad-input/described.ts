import fc from 'fast-check';
import type { Described, Operation, Schema } from '../support/described.js';
import { mostly, valuesOf } from '../support/from-schema.js';

/** A request as the document has it, more or less. */
export interface DescribedRequest {
  operationId: string;
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** Requests to every operation that `wanted` takes, made from what the document says of them. */
export function requestsOf(
  document: Described,
  known: Record<string, readonly string[]>,
  wanted: (operationId: string) => boolean = () => true,
): fc.Arbitrary<DescribedRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { operationId }]) => METHODS.includes(method) && wanted(operationId))
      .map(([method, operation]) => requestTo(method.toUpperCase(), path, operation, document, known)),
  );
  return fc.oneof(...operations);
}

function requestTo(
  method: string,
  template: string,
  operation: Operation,
  { components: { schemas } }: Described,
  known: Record<string, readonly string[]>,
): fc.Arbitrary<DescribedRequest> {
  const values = (schema: Schema, name: string) => valuesOf(schema, schemas, known, name);
  const texts = (place: string) => {
    const all = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
    const model = Object.fromEntries(all.map(({ name, schema }) => [name, values(schema, name).map(asText)]));
    const requiredKeys = all.filter(({ required }) => place === 'path' || required).map(({ name }) => name);
    return fc.record(model, { requiredKeys });
  };
  const schema = operation.requestBody?.content['application/json']?.schema;
  return fc
    .record({
      path: texts('path'),
      query: texts('query'),
      header: texts('header'),
      body: schema ? mostly(values(schema, '')) : fc.constant(undefined),
    })
    .map(({ path, query, header, body }) => {
      const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(path[name] ?? 'x'));
      const search = new URLSearchParams(query as Record<string, string>).toString();
      return {
        operationId: operation.operationId,
        method,
        path: search === '' ? filled : `${filled}?${search}`,
        headers: {
          ...Object.fromEntries(Object.entries(header).filter(([, value]) => /^[\x21-\x7e]+$/.test(value ?? ''))),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
    });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '?')).replaceAll('.', '%2E') || 'x';
}
