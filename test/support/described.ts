import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A JSON Schema of the OpenAPI document. */
export type Schema = Record<string, unknown>;

/** One operation of the OpenAPI document. */
export interface Operation {
  operationId: string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

export interface Described {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** An answer, as far as the document speaks of it. */
export interface Answer {
  status: number;
  contentType: string;
  text: string;
}

/** Checks answers by what the document says of their operations. */
export class Conformance {
  readonly #document: Described;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: Described) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'api');
  }

  /** The operation that a request means; undefined where the document has none. */
  find(method: string, path: string): { template: string; operation: Operation } | undefined {
    const segments = path.split('?')[0]?.split('/') ?? [];
    const fits = Object.keys(this.#document.paths).filter((template) => fitsTemplate(template.split('/'), segments));
    // What is spelt out goes before what is a parameter.
    const [template] = fits.sort((a, b) => a.split('{').length - b.split('{').length);
    const operation = template && this.#document.paths[template]?.[method.toLowerCase()];
    return template && operation ? { template, operation } : undefined;
  }

  /** @throws AssertionError where the answer is none that its operation declares */
  check(method: string, path: string, { status, contentType, text }: Answer): void {
    const found = this.find(method, path);
    if (!found) return;
    const { template, operation } = found;
    const what = `${method} ${path.slice(0, 200)} → ${status} ${text.slice(0, 500)}`;
    const declared = operation.responses[status];
    assert.ok(declared, `${operation.operationId} does not declare this: ${what}`);
    if (declared.content === undefined)
      return assert.equal(text, '', `${operation.operationId} declares no body: ${what}`);
    const type = contentType.split(';')[0]?.trim() ?? '';
    if (text === '' && method === 'HEAD') return;
    const media = declared.content[type] ? type : '*/*';
    assert.ok(declared.content[media], `${operation.operationId} does not declare ${type}: ${what}`);
    if (!/[/+]json$/.test(type) || declared.content[media].schema === undefined) return;
    const pointer = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', media, 'schema'];
    const validate = this.#validator(pointer);
    if (validate(JSON.parse(text))) return;
    const errors = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    assert.fail(`${operation.operationId} declares another body: ${errors.slice(0, 5).join('; ')}: ${what}`);
  }

  #validator(pointer: string[]): ValidateFunction {
    const ref = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const known = this.#validators.get(ref) ?? this.#ajv.compile({ $ref: ref });
    this.#validators.set(ref, known);
    return known;
  }
}

function fitsTemplate(template: string[], segments: string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, at) => (part.startsWith('{') ? segments[at] !== '' : part === segments[at]))
  );
}
