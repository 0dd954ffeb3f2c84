import js from '@eslint/js';
import temporal from 'eslint-plugin-temporal';
import tseslint from 'typescript-eslint';

/** Where the environment may be read: everywhere else gets what it needs as arguments. */
const READS_ENV = [
  'src/config.ts',
  'src/dev.ts',
  'src/dev/**',
  'src/scripted-model/main.ts',
  'temporal/**',
  'scripts/**',
  'test/**',
  'local-model/**',
];

export default tseslint.config(
  { ignores: ['**/node_modules/', 'dist/', 'build/', 'coverage/', '.data/'] },
  js.configs.recommended,
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        module: 'writable',
        performance: 'readonly',
        process: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'off',
      // Interfaces name their methods as methods; none of ours uses `this` when it is passed on.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.{ts,mts,mjs}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: READS_ENV,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
        { object: 'AbortSignal', property: 'any', message: 'It stays in memory until it fires: see linked-signal.ts.' },
      ],
    },
  },
  { files: ['src/workflows/**'], ...rulesOf('workflow') },
  { files: ['src/activities/**'], ...rulesOf('activity') },
  // It takes every exported function of the folder for an activity; ours are made by create…Activities and take one object.
  // And it knows heartbeats only as calls in the loop itself, not our timer around it.
  {
    files: ['src/activities/**'],
    rules: {
      'temporal/activity-prefer-single-object-args': 'off',
      'temporal/activity-heartbeat-in-long-loops': 'off',
    },
  },
  {
    files: ['test/**'],
    rules: {
      // Mocha's `it` and assert.rejects style; JSON bodies are read as they come.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);

/** The plugin's recommended rules for one kind of file. */
function rulesOf(kind) {
  const found = temporal.configs[kind] ?? {};
  return {
    plugins: { temporal },
    rules: {
      ...found.rules,
      // It takes every setHandler for a promise; typescript-eslint's own rule finds the real ones.
      'temporal/workflow-no-floating-promises': 'off',
      // It takes every exported function for a workflow, and ours waits for people for as long as they take.
      'temporal/workflow-prefer-single-object-args': 'off',
      'temporal/workflow-condition-timeout-style': 'off',
    },
  };
}
