import { createHash, randomUUID } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import { DEFAULT_TENANT } from '../contract/ids.js';
import { checkInputs } from '../crew/inputs.js';
import { suggestion } from '../crew/issues.js';
import type { Crew, CrewCatalog, CrewRuns } from '../ports.js';
import { listIssues, Problem } from './errors.js';

/** A start as a route asks for it. */
export interface StartRequest {
  /** The route, part of what an Idempotency-Key is unique in. */
  route: string;
  crew: Crew;
  inputs: Record<string, unknown>;
  /** The name of the inputs in the body, for error paths. */
  inputsField: string;
  label?: string;
  idempotencyKey?: string;
}

/** The crew of this name. Throws `crew_not_found`. */
export function requireCrew(crews: CrewCatalog, name: string): Crew {
  const crew = crews.find(name);
  if (crew) return crew;
  const known = crews.list().map(({ ref }) => ref.name);
  throw new Problem('crew_not_found', `There is no crew '${name.slice(0, 80)}'.${suggestion(name, known)}`);
}

/**
 * Starts a run; with an Idempotency-Key, gives the run that the same request started before.
 * Throws `invalid_inputs`, and `idempotency_key_reused` where the key came with another body.
 */
export async function startRun(
  runs: CrewRuns,
  request: StartRequest,
): Promise<{ runId: string; executionId: string; created: boolean }> {
  const { route, crew, inputsField, label, idempotencyKey } = request;
  const checked = checkInputs(crew.definition, request.inputs);
  if (!checked.ok) {
    throw new Problem('invalid_inputs', `The inputs do not fit the crew '${crew.ref.name}'; see errors`, {
      errors: listIssues(checked.issues, inputsField) ?? [],
    });
  }
  const tenant = DEFAULT_TENANT;
  const runId = idempotencyKey === undefined ? randomUUID() : sha256([tenant, route, idempotencyKey]).slice(0, 32);
  const requestDigest = sha256({ crew: crew.ref.name, inputs: checked.inputs, label });
  const started = await runs.start({
    tenant,
    runId,
    crew,
    inputs: checked.inputs,
    ...(label !== undefined && { label }),
    ...(idempotencyKey !== undefined && { requestDigest }),
  });
  if (!started.created && started.requestDigest !== requestDigest) {
    const message = 'Another request was sent with this Idempotency-Key; use a new key for a new request';
    throw new Problem('idempotency_key_reused', message, { runId });
  }
  return { runId, executionId: started.executionId, created: started.created };
}

function sha256(value: unknown): string {
  return createHash('sha256')
    .update(stringify(value) ?? '')
    .digest('hex');
}
