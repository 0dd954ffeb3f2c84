/** The import rules of ARCHITECTURE.md. Type-only edges are left out: that a type may cross where code may not is the point. */
const NOT_TYPES = { dependencyTypesNot: ['type-only'] };
const TYPESCRIPT = '^src/';
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { ...NOT_TYPES, pathNot: allowed },
});

module.exports = {
  forbidden: [
    only(
      'crew-is-pure',
      '^src/crew/(?!(schema|issues|validate)\\.ts$)',
      ['^src/crew/'],
      'The core knows nothing of the outside; zod stands in schema.ts and issues.ts alone.',
    ),
    only(
      'crew-schema',
      '^src/crew/(schema|issues|validate)\\.ts$',
      ['^src/crew/', 'node_modules/zod/', 'node_modules/fastest-levenshtein/'],
      'Schema files know zod and nothing else.',
    ),
    only(
      'contract-is-sandbox-safe',
      '^src/contract/',
      ['^src/contract/', 'node_modules/@temporalio/(workflow|common)/'],
      'What crosses the wire is loaded in the workflow sandbox.',
    ),
    only(
      'workflows-stay-in-the-sandbox',
      '^src/workflows/',
      [
        '^src/workflows/',
        '^src/contract/',
        '^src/crew/(?!(schema|issues|validate|inputs)\\.ts$)',
        'node_modules/@temporalio/(workflow|common)/',
      ],
      'No I/O, no zod, no vendor in workflow code.',
    ),
    only(
      'activities-see-ports',
      '^src/activities/',
      ['^src/activities/', '^src/crew/', '^src/contract/', 'node_modules/@temporalio/(activity|common)/'],
      'Use cases see the outside through ports, which are types.',
    ),
    {
      name: 'adapters-stay-apart',
      comment:
        'An adapter knows its vendor, the core and the contract; never the gateway, the use cases or the entries.',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { ...NOT_TYPES, path: TYPESCRIPT, pathNot: ['^src/adapters/', '^src/crew/', '^src/contract/'] },
    },
    only(
      'api-sees-ports',
      '^src/api/',
      [
        '^src/api/',
        '^src/crew/',
        '^src/contract/',
        'node_modules/(hono|zod|@hono/zod-openapi|safe-stable-stringify)/',
        '^node:crypto$',
        '^crypto$',
      ],
      'The gateway knows ports, not vendors.',
    ),
    only(
      'scripted-model-stands-alone',
      '^src/scripted-model/',
      [
        '^src/scripted-model/',
        '^src/crew/issues\\.ts$',
        'node_modules/',
        '^node:',
        '^(events|http|fs|fs/promises|path|timers/promises|util)$',
      ],
      'A process of its own, that crew authors use without the rest.',
    ),
    only('ports-are-types', '^src/ports\\.ts$', [], 'Ports are types.'),
    { name: 'no-cycles', severity: 'error', from: { path: '^(src|temporal)/' }, to: { ...NOT_TYPES, circular: true } },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs in production is installed in production.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/dev'] },
      to: { ...NOT_TYPES, dependencyTypes: ['npm-dev'] },
    },
    { name: 'not-to-tests', severity: 'error', from: { path: '^(src|temporal|scripts)/' }, to: { path: '^test/' } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
