import type { Client as FetchClient } from 'openapi-fetch';
import type { paths } from './openapi.js';
import type { Crew, CrewReport, CrewSummary, Readiness, StoredCrew } from './types.js';
import { unreachable } from './errors.js';

/** The body of an operation. */
export type One<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : never;

/** A definition as JSON, or as YAML text under `yaml`. */
export type DefinitionBody = Record<string, unknown>;

interface Where {
  baseUrl: string;
  headers: Record<string, string>;
}

/** The calls on crews, and on the service itself. */
export function readCalls(http: FetchClient<paths>, send: typeof fetch, { baseUrl, headers }: Where) {
  const crews = {
    /** All crews, each in its newest version. */
    list: async (): Promise<CrewSummary[]> => (await http.GET('/v1/crews')).data?.crews ?? [],
    /** A crew with its definition; `name@version` for one version. */
    get: async (ref: string): Promise<Crew> => {
      const [name = '', version] = ref.split('@');
      const query = version === undefined ? {} : { version };
      return (await http.GET('/v1/crews/{name}', { params: { path: { name }, query } })).data as Crew;
    },
    /** What a definition would do, or what is wrong with it. Stores nothing. */
    validate: async (body: DefinitionBody): Promise<CrewReport> =>
      (await http.POST('/v1/crews:validate', { body })).data as CrewReport,
    /** Stores a definition as the newest version of the crew; the same one again changes nothing. */
    put: async (name: string, body: DefinitionBody): Promise<StoredCrew> =>
      (await http.PUT('/v1/crews/{name}', { params: { path: { name } }, body })).data as StoredCrew,
  };

  const service = {
    /** Whether runs can be started and will be worked on. Not tried again. */
    readiness: async (signal?: AbortSignal): Promise<Readiness> => {
      const response = await get('/readyz', signal);
      return (await response.json()) as Readiness;
    },
    /** What answers, and its version. */
    about: async (signal?: AbortSignal): Promise<{ name: string; version: string }> =>
      (await (await get('/', signal)).json()) as { name: string; version: string },
  };

  async function get(path: string, signal: AbortSignal | undefined): Promise<Response> {
    try {
      return await send(`${baseUrl}${path}`, { headers, ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(baseUrl, error);
    }
  }

  return { crews, service };
}
