import assert from 'node:assert/strict';
import fc from 'fast-check';
import { testApp } from '../support/app.js';
import { crewDocument } from '../support/crews.js';
import { Conformance, type Described } from '../support/described.js';

/** Pieces of real bodies, so that some get far. */
const piece = fc.oneof(
  fc.constantFrom<unknown>('pair', 'approve', 'r1', 'topic', crewDocument(), { topic: 'tea' }, [], {}, null, -1, 1e308),
  fc.constantFrom<unknown>('constructor', '__proto__', '../../etc/passwd', '{{secret:A}}', '\ud800', '\0', '${7*7}'),
  fc.jsonValue({ maxDepth: 4 }),
);
const KEYS = [
  ...['crew', 'inputs', 'parameters', 'workflow_id', 'items', 'label', 'action', 'by', 'arguments', 'answer', 'output'],
  ...['text', 'agent', 'yaml', 'definition', 'spec', 'when', 'cron', 'timezone', 'scheduleId', 'fromTask', 'overrides'],
  ...['thread', 'onBusy', 'startAfter', 'approvalId', 'feedback', 'maxConcurrent', 'constructor', 'toString'],
];
const body = fc.oneof(
  fc.dictionary(fc.constantFrom(...KEYS), piece, { maxKeys: 6 }).map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
);
const segment = fc.oneof(
  fc.constantFrom('pair', 'r1', 'constructor', '__proto__', '%00', '%ff', '..%2f..', 'a b', '💥', 'x'.repeat(5_000)),
  fc.string({ minLength: 1, maxLength: 30 }),
);
const query = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(fc.constantFrom('limit', 'cursor', 'status', 'wait', 'after', 'version', 'crew', 'q'), fc.string(), {
      maxKeys: 3,
    })
    .map((values) => `?${new URLSearchParams(values).toString()}`),
  fc.string().map((text) => `?${text.replaceAll('#', '')}`),
);

describe('the gateway, whatever it is sent', () => {
  it('answers no 500, every error as a problem document, and nothing that its document does not declare', async function () {
    this.timeout(120_000);
    const { app } = testApp();
    const document = (await (await app.request('/openapi.json')).json()) as Described;
    const conformance = new Conformance(document);
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
    );
    assert.ok(routes.length > 20);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.array(segment, { minLength: 4, maxLength: 4 }),
        query,
        body,
        fc.constantFrom('application/json', 'application/json; charset=utf-16', 'text/plain', ''),
        async ({ path, method }, segments, search, sent, type) => {
          let at = 0;
          const filled = path.replaceAll(/\{\w+\}/g, () => encoded(segments[at++] ?? 'x'));
          const hasBody = !['GET', 'HEAD'].includes(method);
          const response = await app.request(`http://localhost${filled}${search}`, {
            method,
            headers: { ...(type !== '' && { 'content-type': type }) },
            ...(hasBody && { body: sent }),
          });
          const text = await response.text();
          const what = `${method} ${filled}${search} ${sent} → ${response.status} ${text.slice(0, 300)}`;
          assert.notEqual(response.status, 500, what);
          const contentType = response.headers.get('content-type') ?? '';
          conformance.check(method, new URL(`http://localhost${filled}`).pathname, {
            status: response.status,
            contentType,
            text,
          });
          if (response.status < 400 || path.startsWith('/d/') || path.endsWith('z')) return;
          assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/, what);
          const problem = JSON.parse(text) as Record<string, unknown>;
          assert.equal(problem['status'], response.status, what);
          assert.match(String(problem['code']), /^[a-z_]+$/, what);
          assert.equal(problem['requestId'], response.headers.get('x-request-id'), what);
        },
      ),
      { numRuns: 4_000, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
    );
  });
});

/** As an address may have it: already escaped, or escaped here. */
function encoded(text: string): string {
  if (/^[%\w.]+$/.test(text)) return text;
  try {
    return encodeURIComponent(text);
  } catch {
    return 'x';
  }
}
