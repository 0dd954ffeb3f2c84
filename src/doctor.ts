import { Connection } from '@temporalio/client';
import pg from 'pg';
import { temporalTarget } from './adapters/temporal/connection.js';
import type { Check } from './cli/command.js';

/** What of the running stack is known, where it runs on this machine. */
export interface KnownStack {
  temporal?: string;
  model?: string;
  store?: string;
}

const TIMEOUT_MS = 5_000;
const NODE = { major: 20, minor: 19 };

/** Looks at what is behind the service, from this machine and by this environment: what is not named here is left out. */
export async function* checkFromHere(env: NodeJS.ProcessEnv, stack: KnownStack | undefined): AsyncGenerator<Check> {
  yield node();
  yield await temporal(env, stack?.temporal);
  yield await store(env);
  yield await model(env, stack?.model);
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > NODE.major || (major === NODE.major && minor >= NODE.minor);
  return {
    name: 'node',
    status: ok ? 'ok' : 'failed',
    found: process.versions.node,
    ...(!ok && { fix: `install Node ${NODE.major}.${NODE.minor} or later` }),
  };
}

async function temporal(env: NodeJS.ProcessEnv, known: string | undefined): Promise<Check> {
  const name = 'temporal';
  if (known === undefined && !env['TEMPORAL_ADDRESS'] && !env['TEMPORAL_PROFILE'])
    return skipped(name, 'TEMPORAL_ADDRESS is not set here');
  let address = known ?? '';
  try {
    const { connectionOptions } = temporalTarget(known === undefined ? env : { ...env, TEMPORAL_ADDRESS: known });
    address = connectionOptions.address;
    const { tls, apiKey } = connectionOptions;
    const connection = await Connection.connect({
      address,
      connectTimeout: TIMEOUT_MS,
      ...(tls !== undefined && { tls }),
      ...(apiKey !== undefined && { apiKey }),
    });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    await connection.close();
    return { name, status: 'ok', found: `${address}, server ${serverVersion}` };
  } catch (error) {
    const fix = "start it ('npm start' brings one), or correct TEMPORAL_ADDRESS, TEMPORAL_TLS_*, TEMPORAL_API_KEY";
    return { name, status: 'failed', found: `${address}: ${messageOf(error)}`, fix };
  }
}

async function store({ DATABASE_URL: url }: NodeJS.ProcessEnv): Promise<Check> {
  const name = 'store';
  if (!url) return skipped(name, 'DATABASE_URL is not set here');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return { name, status: 'ok', found: `Postgres ${rows[0]?.server_version ?? ''}` };
  } catch (error) {
    const found = `DATABASE_URL: ${messageOf(error)}`;
    return { name, status: 'failed', found, fix: 'start Postgres, or correct DATABASE_URL' };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function model(env: NodeJS.ProcessEnv, known: string | undefined): Promise<Check> {
  const name = 'model';
  const base = known === undefined ? env['OPENAI_BASE_URL'] : `${known}/v1`;
  const key = env['OPENAI_API_KEY'];
  if (!base && !key) return skipped(name, 'neither OPENAI_BASE_URL nor OPENAI_API_KEY is set here');
  const url = (base ?? 'https://api.openai.com/v1').replace(/\/$/, '');
  try {
    const response = await fetch(`${url}/models`, {
      headers: key ? { authorization: `Bearer ${key}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return { name, status: 'ok', found: url };
    const refused = response.status === 401 || response.status === 403;
    const found = `${url} answers ${response.status}`;
    // Not every endpoint lists its models: that it answers is what was asked.
    if (!refused) return { name, status: 'warning', found };
    return { name, status: 'failed', found, fix: 'set OPENAI_API_KEY to a key that this endpoint takes' };
  } catch (error) {
    const fix = 'start the model, or correct OPENAI_BASE_URL';
    return { name, status: 'failed', found: `${url}: ${messageOf(error)}`, fix };
  }
}

function skipped(name: string, found: string): Check {
  return { name, status: 'skipped', found };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  const { cause } = error;
  const code = (error as { code?: unknown }).code ?? (cause as { code?: unknown } | undefined)?.code;
  return error.message || (typeof code === 'string' ? code : error.name);
}
