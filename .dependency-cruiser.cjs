/** The import rules of ARCHITECTURE.md: what each folder loads at run time, and what it may name in types besides. */
const RUN_TIME = { dependencyTypesNot: ['type-only'] };
const TYPES = { dependencyTypes: ['type-only'] };

/** A folder that loads `runTime` and nothing else, and takes types from `types` besides. */
const boundary = ({ name, from, runTime, types = [], comment }) => [
  { name, comment, severity: 'error', from: { path: from }, to: { ...RUN_TIME, pathNot: runTime } },
  {
    name: `${name}-types`,
    comment,
    severity: 'error',
    from: { path: from },
    to: { ...TYPES, pathNot: [...runTime, ...types] },
  },
];

/** The part of `src/crew/` that stands on zod, and what takes from it. */
const CREW_ZOD = '((schema|validate|import|explain)[\\w-]*|issues|inputs)\\.ts$';
const OF_TEMPORAL = (...packages) => `node_modules/@temporalio/(${packages.join('|')})/`;

module.exports = {
  forbidden: [
    ...boundary({
      name: 'crew-is-pure',
      from: `^src/crew/(?!${CREW_ZOD})`,
      runTime: [`^src/crew/(?!${CREW_ZOD})`],
      types: ['^src/crew/', 'node_modules/zod/'],
      comment: 'The core knows nothing of the outside, and its decisions run in the workflow sandbox.',
    }),
    ...boundary({
      name: 'crew-schema',
      from: `^src/crew/${CREW_ZOD}`,
      runTime: ['^src/crew/', 'node_modules/zod/', 'node_modules/fastest-levenshtein/'],
      comment: 'Schema files know zod and nothing else.',
    }),
    ...boundary({
      name: 'contract-is-sandbox-safe',
      from: '^src/contract/',
      runTime: ['^src/contract/', '^src/crew/template\\.ts$', OF_TEMPORAL('workflow', 'common')],
      types: ['^src/crew/types\\.ts$'],
      comment: 'What crosses the wire is loaded in the workflow sandbox.',
    }),
    ...boundary({
      name: 'workflows-stay-in-the-sandbox',
      from: '^src/workflows/',
      runTime: [
        '^src/workflows/',
        '^src/contract/',
        `^src/crew/(?!${CREW_ZOD})`,
        OF_TEMPORAL('workflow', 'common'),
        'node_modules/@opentelemetry/api/',
      ],
      types: ['^src/activities/index\\.ts$'],
      comment: 'No I/O, no zod, no vendor in workflow code; of OpenTelemetry its API, which Temporal sets up there.',
    }),
    ...boundary({
      name: 'activities-see-ports',
      from: '^src/activities/',
      runTime: ['^src/activities/', '^src/crew/', '^src/contract/', OF_TEMPORAL('activity', 'common')],
      types: ['^src/ports(/|\\.ts$)'],
      comment: 'Use cases see the outside through ports, which are types.',
    }),
    ...boundary({
      name: 'authoring-stands-alone',
      from: '^src/authoring/',
      runTime: ['^src/authoring/', '^src/crew/', '^src/contract/', 'node_modules/zod/', '^(node:)?crypto$'],
      types: ['^src/ports(/|\\.ts$)'],
      comment: 'What authors of extensions import: no vendor, nothing of the service.',
    }),
    // Vendors are what adapters are for: of our own code they load the core, the contract and what extensions are made of.
    ...boundary({
      name: 'adapters-stay-apart',
      from: '^src/adapters/',
      runTime: ['^(?!(src|temporal|scripts|local-model)/)', '^src/(adapters|authoring|crew|contract)/'],
      types: ['^src/ports(/|\\.ts$)', '^src/workflows/index\\.ts$'],
      comment: 'An adapter knows its vendor, never the gateway, the use cases or the entries.',
    }),
    ...boundary({
      name: 'api-sees-ports',
      from: '^src/api/',
      runTime: [
        '^src/api/',
        '^src/crew/',
        '^src/contract/',
        'node_modules/(hono|zod|@hono/zod-openapi|safe-stable-stringify)/',
        '^(node:)?(crypto|util)$',
      ],
      types: ['^src/ports(/|\\.ts$)'],
      comment: 'What services talk to knows ports, not vendors.',
    }),
    ...boundary({
      name: 'intake-is-a-gateway',
      from: '^src/intake/',
      runTime: ['^src/intake/', '^src/api/', '^src/crew/', '^src/contract/', 'node_modules/zod/'],
      types: ['^src/ports(/|\\.ts$)'],
      comment: 'What events ask for is done by the rules of the gateway.',
    }),
    ...boundary({
      name: 'client-runs-anywhere',
      from: '^src/client/',
      runTime: ['^src/client/', 'node_modules/(openapi-fetch|eventsource-parser)/'],
      types: ['^src/contract/(events|views)\\.ts$'],
      comment: 'The client is loaded by browsers: nothing of Node, nothing of the service but types.',
    }),
    ...boundary({
      name: 'cli-is-a-client',
      from: '^src/cli/',
      runTime: [
        '^src/cli/',
        '^src/client/',
        '^src/crew/',
        '^src/contract/(views|events|identity)\\.ts$',
        'node_modules/(commander|@clack/prompts|@bomb\\.sh/tab|picocolors|yocto-spinner)/',
        '^(node:)?util$',
      ],
      types: ['^src/ports(/|\\.ts$)', '^(node:)?stream$'],
      comment: 'What people type talks to the service as any other client does; the outside comes in through CliDeps.',
    }),
    ...boundary({
      name: 'ports-are-types',
      from: '^src/ports(/|\\.ts$)',
      runTime: [],
      types: ['^src/ports/', '^src/contract/', '^src/crew/types\\.ts$'],
      comment: 'Ports are types in the words of the contract.',
    }),
    ...boundary({
      name: 'scripted-model-stands-alone',
      from: '^src/scripted-model/',
      runTime: ['^(?!(src|temporal|scripts|local-model)/)', '^src/scripted-model/', '^src/crew/issues\\.ts$'],
      comment: 'A process of its own, that crew authors use without the rest.',
    }),
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|temporal|scripts)/' },
      to: { ...RUN_TIME, circular: true },
    },
    {
      name: 'no-orphans',
      comment:
        'Neither imports nor is imported: nothing runs it. (end-with-parent.mjs is loaded by `node --import`, quick-promises.ts by workflow bundles.)',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|temporal|scripts)/',
        pathNot: ['\\.d\\.mts$', '^scripts/lib/end-with-parent\\.mjs$', '^src/workflows/quick-promises\\.ts$'],
      },
      to: {},
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs in production is installed in production.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/dev'] },
      to: { ...RUN_TIME, dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { path: '^(src|temporal|scripts)/' },
      to: { path: '^test/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
