import { createHash, randomUUID } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import type { OnBusy } from '../contract/coordination.js';
import { checkInputs } from '../crew/inputs.js';
import { suggestion } from '../crew/issues.js';
import type { Caller, CatalogCrew, Crew, CrewCatalog, CrewRuns, CrewThreads, RunLimits, StartRun } from '../ports.js';
import type { AppDeps } from './env.js';
import { listIssues, Problem } from './errors.js';
import { placeFor, startedBy } from './places.js';
import { requireRunnable } from './runnable.js';

export { splitCrewRef } from '../crew/ref.js';

/** A start as a route asks for it. */
export interface StartRequest {
  /** Who starts it: whose tenant the run is of, and whose limits it counts to. */
  caller: Caller;
  /** The route, part of what an Idempotency-Key is unique in. */
  route: string;
  crew: Crew;
  /** The version that the request named, part of what an Idempotency-Key stands for. */
  version?: string;
  inputs: Record<string, unknown>;
  /** The name of the inputs in the body, for error paths. */
  inputsField: string;
  label?: string;
  idempotencyKey?: string;
  /** ISO 8601: not before this time. */
  startAfter?: string;
  /** Runs of one thread go one after the other. */
  thread?: string;
  /** What to do where the thread is busy. */
  onBusy?: OnBusy;
  /** Webhook endpoints of the tenant that hear of the run. */
  webhooks?: string[];
}

/** The crew of this name, in this version where one is given. Throws `crew_not_found`. */
export async function requireCrew(
  crews: CrewCatalog,
  tenant: string,
  name: string,
  version?: string,
): Promise<CatalogCrew> {
  const crew = await crews.find(tenant, name, version);
  if (crew) return crew;
  const versions = version === undefined ? [] : await crews.versions(tenant, name);
  if (version !== undefined && versions.length > 0) {
    const known = versions.slice(0, 10).map(({ ref }) => ref.version);
    throw new Problem('crew_not_found', `The crew '${name}' has no version '${version}'. Newest: ${known.join(', ')}`);
  }
  const known = (await crews.list(tenant)).map(({ ref }) => ref.name);
  throw new Problem('crew_not_found', `There is no crew '${name.slice(0, 80)}'.${suggestion(name, known)}`);
}

/**
 * Starts a run; with an Idempotency-Key, gives the run that the same request started before.
 * Throws `invalid_inputs`, `crew_not_runnable`, `thread_busy`, `too_many_runs`, and `idempotency_key_reused` where the key came with another body.
 */
export async function startRun(
  deps: Pick<AppDeps, 'runs' | 'threads' | 'models' | 'known' | 'runLimits'>,
  request: StartRequest,
): Promise<StartedRun> {
  const { caller, route, crew, version, inputsField, label, idempotencyKey, startAfter, thread, onBusy, webhooks } =
    request;
  const inputs = requireInputs(crew, request.inputs, inputsField);
  const models = requireRunnable(deps, crew);
  const named = version === undefined ? crew.ref.name : `${crew.ref.name}@${version}`;
  const waits = startAfter !== undefined && Date.parse(startAfter) > Date.now();
  return startOnce(
    deps,
    caller,
    { route, key: idempotencyKey, request: { crew: named, inputs, label, startAfter, thread, onBusy, webhooks } },
    {
      crew,
      inputs,
      models,
      ...(label !== undefined && { label }),
      ...(waits && { startAfter }),
      ...(webhooks && { webhooks }),
    },
    (runId) => (thread === undefined ? {} : admitted(deps.threads, caller.tenant, thread, runId, onBusy)),
  );
}

/** The inputs as the crew takes them. `field`: their name in the body. Throws `invalid_inputs`. */
export function requireInputs({ ref, definition }: Crew, inputs: Record<string, unknown>, field: string) {
  const checked = checkInputs(definition, inputs);
  if (checked.ok) return checked.inputs;
  throw new Problem('invalid_inputs', `The inputs do not fit the crew '${ref.name}'; see errors`, {
    errors: listIssues(checked.issues, field),
  });
}

/** What an Idempotency-Key is unique in, and the request that it stands for. Without `key` every request is another one. */
interface Once {
  route: string;
  key: string | undefined;
  request: unknown;
}

/** A run that a request started, or had started before. */
interface StartedRun {
  runId: string;
  executionId: string;
  created: boolean;
  status: 'queued' | 'running';
}

/** What a run of a thread is started with. */
type Turn = Pick<StartRun, 'thread' | 'turn' | 'coordinator'>;

/**
 * Starts a run, or gives the one that the same request started before. `admit` asks for the run's turn, where it needs one.
 * Throws `idempotency_key_reused`, `too_many_runs`.
 */
export async function startOnce(
  deps: { runs: CrewRuns; runLimits?: RunLimits },
  caller: Caller,
  { route, key, request }: Once,
  run: Omit<StartRun, 'tenant' | 'runId' | 'requestDigest'>,
  admit: (runId: string) => Turn | Promise<Turn> = () => ({}),
): Promise<StartedRun> {
  const { tenant } = caller;
  const runId = idUnderKey(tenant, route, key);
  const requestDigest = sha256(request);
  const place = await placeFor(deps, caller, runId, key === undefined ? undefined : () => deps.runs.get(tenant, runId));
  let turn: Turn = {};
  const start = async () => {
    turn = await admit(runId);
    const known = key !== undefined && { requestDigest };
    return deps.runs.start({ ...run, ...turn, tenant, runId, ...startedBy(caller), ...known });
  };
  const started = await start().catch((error: unknown) => {
    place?.release();
    throw error;
  });
  if (!started.created) place?.release();
  if (!started.created && started.requestDigest !== requestDigest) {
    throw keyReused({ runId });
  }
  const status = run.startAfter !== undefined || turn.turn ? 'queued' : 'running';
  return { runId, executionId: started.executionId, created: started.created, status };
}

/** Asks a thread for a run's turn. Gives what the run is started with. Throws `thread_busy`. */
async function admitted(
  threads: CrewThreads,
  tenant: string,
  thread: string,
  runId: string,
  onBusy: OnBusy = 'reject',
): Promise<Turn> {
  const admission = await threads.admit(tenant, thread, { runId, onBusy });
  if (admission.answer === 'rejected') {
    const { busyWith } = admission;
    const message = `The thread '${thread}' is busy with another run; wait for its end, or set onBusy to enqueue or cancelPrevious`;
    throw new Problem('thread_busy', message, { ...(busyWith !== undefined && { busyWith }) });
  }
  const coordinator = threads.coordinator(tenant, thread);
  return { thread, coordinator, ...(admission.answer === 'queued' && { turn: true as const }) };
}

/** The id of what a request makes: the same for the same key on the same route, else a new one. */
export function idUnderKey(tenant: string, route: string, key: string | undefined): string {
  return key === undefined ? randomUUID() : sha256([tenant, route, key]).slice(0, 32);
}

/** What is said where a key came with another body. */
export function keyReused(extras: { runId?: string } = {}): Problem {
  const message = 'Another request was sent with this Idempotency-Key; use a new key for a new request';
  return new Problem('idempotency_key_reused', message, extras);
}

/** The digest of anything that is JSON, whatever the order of its keys. */
export function sha256(value: unknown): string {
  return createHash('sha256')
    .update(stringify(value) ?? '')
    .digest('hex');
}
