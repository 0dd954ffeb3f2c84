import type { Context } from 'hono';
import { workflowIdOf } from '../contract/ids.js';
import type { CatalogCrew, Crew, CrewVersion, RunRecord, RunRow } from '../ports.js';
import { tenantIn } from './caller.js';
import type { AppEnv, AppSettings } from './env.js';
import type { HydratedRun } from './hydrate.js';

/** Where things are, as absolute addresses. */
export interface Links {
  run(runId: string, executionId: string): { self: string; temporalUi?: string };
  /** Without a version: the newest. */
  crew(name: string, version?: string): { self: string };
  artifact(runId: string, path: string): { self: string };
  /** The form of a one-time link. */
  decision(token: string): { self: string };
}

/** The configured public address, else that of the one that was called. */
export function baseOf(url: string, { publicUrl }: Pick<AppSettings, 'publicUrl'>): string {
  return (publicUrl ?? new URL(url).origin).replace(/\/$/, '');
}

/** Links under the configured public address, else under the one that was called. */
export function linksFor(context: Context<AppEnv>, settings: AppSettings): Links {
  const base = baseOf(context.req.url, settings);
  const tenant = tenantIn(context);
  return {
    run: (runId, executionId) => ({
      self: `${base}/v1/runs/${runId}`,
      ...(settings.temporalUi !== undefined && { temporalUi: temporalUi(settings, tenant, runId, executionId) }),
    }),
    crew: (name, version) => ({
      self: `${base}/v1/crews/${name}${version === undefined ? '' : `?version=${version}`}`,
    }),
    decision: (token) => ({ self: `${base}/d/${token}` }),
    artifact: (runId, path) => ({
      self: `${base}/v1/runs/${runId}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`,
    }),
  };
}

function temporalUi(
  { temporalUi: ui = '', namespace }: AppSettings,
  tenant: string,
  runId: string,
  executionId: string,
): string {
  const workflow = encodeURIComponent(workflowIdOf(tenant, runId));
  return `${ui.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${workflow}/${executionId}/history`;
}

/** A run as its resource. */
export function runResource(view: HydratedRun, { label, retrying, executionId }: RunRecord, links: Links) {
  return { ...view, ...(label !== undefined && { label }), retrying, links: links.run(view.runId, executionId) };
}

/** A row of the list of runs. */
export function rowResource({ executionId, ...row }: RunRow, links: Links) {
  return { ...row, links: links.run(row.runId, executionId) };
}

/** A run that was started just now, as a row. */
export function startedRow(
  {
    runId,
    executionId,
    crew,
    status,
  }: { runId: string; executionId: string; crew: Crew; status?: 'queued' | 'running' },
  more: { label?: string | undefined; parentRunId?: string },
  links: Links,
) {
  const { label, parentRunId } = more;
  return {
    runId,
    crew: crew.ref,
    status: status ?? ('running' as const),
    startedAt: new Date().toISOString(),
    links: links.run(runId, executionId),
    ...(label !== undefined && { label }),
    ...(parentRunId !== undefined && { parentRunId }),
  };
}

/** A crew without its definition. */
export function crewSummary({ ref, definition, source, createdAt }: CatalogCrew, links: Links) {
  const inputs = Object.entries(definition.inputs).map(([name, { max_length: maxLength, ...spec }]) => [
    name,
    { ...spec, required: spec.required ?? spec.default === undefined, maxLength },
  ]);
  return {
    ...versionResource({ ref, source, ...(createdAt !== undefined && { createdAt }) }, links),
    ...(definition.description !== undefined && { description: definition.description }),
    inputs: Object.fromEntries(inputs) as Record<string, CrewInput>,
  };
}

/** One version of a crew, without what is in it. */
export function versionResource({ ref, source, createdAt }: CrewVersion, links: Links) {
  return {
    ...ref,
    source,
    ...(createdAt !== undefined && { createdAt }),
    // A file's versions are gone with the file's next change.
    links: source === 'file' ? links.crew(ref.name) : links.crew(ref.name, ref.version),
  };
}

interface CrewInput {
  description?: string | undefined;
  type: 'string' | 'number' | 'integer' | 'boolean';
  required: boolean;
  default?: string | number | boolean | undefined;
  maxLength: number;
}
