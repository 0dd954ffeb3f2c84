/** How a development server is started. */
export interface DevServerOptions {
  port: number;
  /** Absent: no web UI. */
  uiPort?: number;
  /** The SQLite file with everything that is to outlive the server. Absent: nothing does. */
  dbFile?: string;
  /** A namespace beside `default`. */
  namespace?: string;
  logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never';
  /** Further settings of the server, for example to force continue-as-new in a test. */
  dynamicConfig?: Record<string, string | number | boolean>;
}

/** Custom search attributes and their types, by which runs are listed. */
export const SEARCH_ATTRIBUTES = {
  CrewName: 'Keyword',
  CrewTenant: 'Keyword',
  CrewCaller: 'Keyword',
  CrewStatus: 'Keyword',
  CrewLabel: 'Keyword',
  CrewParent: 'Keyword',
  CrewThread: 'Keyword',
  CrewWaiting: 'KeywordList',
} as const;

/** How long closed runs are kept. The development server's own default is a day. */
export const RETENTION = '30d';

/** Why each is set: temporal/README.md. */
const DYNAMIC_CONFIG = {
  'history.transferProcessorMaxPollRPS': 1_000,
  'system.enableActivityEagerExecution': true,
} as const;
const SQLITE_PRAGMAS = { journal_mode: 'WAL', synchronous: 'NORMAL' } as const;

const LOOPBACK = '127.0.0.1';

/** Arguments of `temporal` for a server that is fast, and safe against kill -9. It listens on loopback only. */
export function devServerArgs(options: DevServerOptions): string[] {
  const { port, uiPort, dbFile, namespace = 'default', logLevel = 'warn', dynamicConfig = {} } = options;
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(port)],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile, ...repeat('--sqlite-pragma', SQLITE_PRAGMAS)]),
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...['--log-level', logLevel],
    ...repeat('--dynamic-config-value', { ...DYNAMIC_CONFIG, ...dynamicConfig }),
    ...repeat('--search-attribute', SEARCH_ATTRIBUTES),
  ];
}

/**
 * Arguments of `temporal` that set how long closed runs are kept. To do it again changes nothing. Fails until the server
 * serves the namespace. A person's own profile is left out: it may ask for TLS and a key, which our server has not.
 */
export function retentionArgs({ port, namespace }: { port: number; namespace: string }): string[] {
  return [
    ...['operator', 'namespace', 'update', '--namespace', namespace, '--retention', RETENTION],
    ...['--address', `${LOOPBACK}:${port}`, '--command-timeout', '5s', '--disable-config-file', '--disable-config-env'],
  ];
}

function repeat(flag: string, values: Record<string, string | number | boolean>): string[] {
  return Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
