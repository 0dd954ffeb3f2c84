import type { Context } from 'hono';
import { DEFAULT_TENANT, workflowIdOf } from '../contract/ids.js';
import type { Crew, RunRecord, RunRow } from '../ports.js';
import type { AppEnv, AppSettings } from './env.js';

/** Where things are, as absolute addresses. */
export interface Links {
  run(runId: string, executionId: string): { self: string; temporalUi?: string };
  crew(name: string): { self: string };
}

/** Links under the configured public address, else under the one that was called. */
export function linksFor(context: Context<AppEnv>, settings: AppSettings): Links {
  const base = (settings.publicUrl ?? new URL(context.req.url).origin).replace(/\/$/, '');
  return {
    run: (runId, executionId) => ({
      self: `${base}/v1/runs/${runId}`,
      ...(settings.temporalUi !== undefined && { temporalUi: temporalUi(settings, runId, executionId) }),
    }),
    crew: (name) => ({ self: `${base}/v1/crews/${name}` }),
  };
}

function temporalUi({ temporalUi: ui = '', namespace }: AppSettings, runId: string, executionId: string): string {
  const workflow = encodeURIComponent(workflowIdOf(DEFAULT_TENANT, runId));
  return `${ui.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${workflow}/${executionId}/history`;
}

/** A run as its resource. */
export function runResource({ view, label, retrying, executionId }: RunRecord, links: Links) {
  return { ...view, ...(label !== undefined && { label }), retrying, links: links.run(view.runId, executionId) };
}

/** A row of the list of runs. */
export function rowResource({ executionId, ...row }: RunRow, links: Links) {
  return { ...row, links: links.run(row.runId, executionId) };
}

/** A crew without its definition. */
export function crewSummary({ ref, definition }: Crew, links: Links) {
  const inputs = Object.entries(definition.inputs).map(([name, { max_length: maxLength, ...spec }]) => [
    name,
    { ...spec, required: spec.required ?? spec.default === undefined, maxLength },
  ]);
  return {
    ...ref,
    ...(definition.description !== undefined && { description: definition.description }),
    inputs: Object.fromEntries(inputs) as Record<string, CrewInput>,
    links: links.crew(ref.name),
  };
}

interface CrewInput {
  description?: string | undefined;
  type: 'string' | 'number' | 'integer' | 'boolean';
  required: boolean;
  default?: string | number | boolean | undefined;
  maxLength: number;
}
