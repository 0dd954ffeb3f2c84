import type { KeptTask } from '../contract/messages.js';
import type { TaskView } from '../contract/views.js';
import { INLINE_CHARS } from '../contract/wire.js';
import { firstFailed, keptTasks } from './fork-tasks.js';
import { suggestion } from '../crew/issues.js';
import { mergePatch } from '../crew/merge-patch.js';
import type { CrewDefinition } from '../crew/types.js';
import { parseCrew } from '../crew/validate.js';
import type { Caller, Crew, RunSource } from '../ports.js';
import type { AppDeps } from './env.js';
import { listIssues, Problem, type ErrorLine } from './errors.js';
import { takenOverWebhooks } from './named-webhooks.js';
import { requireRunnable } from './runnable.js';
import { requireInputs, startOnce } from './start-run.js';

/** A fork as a route asks for it. */
export interface ForkRequest {
  caller: Caller;
  parentRunId: string;
  /** Absent: the first task that failed. */
  fromTask?: string;
  /** Instead of the parent's, those that are named. */
  inputs?: Record<string, unknown>;
  /** Merge patches of the definition's agents and tasks. */
  overrides?: Record<string, unknown>;
  /** Outputs that are taken over otherwise than they were, by task. */
  edits?: Record<string, string>;
  label?: string;
  /** Webhook endpoints of the tenant that hear of the run, none where it is empty. Absent: the parent's, as far as they are still there. */
  webhooks?: string[];
  /** The route, part of what an Idempotency-Key is unique in. */
  route: string;
  idempotencyKey?: string;
}

type Deps = Pick<
  AppDeps,
  'runs' | 'crews' | 'models' | 'known' | 'store' | 'decisionSchemas' | 'runLimits' | 'webhooks'
>;

/**
 * Starts a run that begins in the middle of another one, with the outputs that it does not make again. The other may be
 * open or ended, however it ended.
 * Throws `invalid_fork`, `invalid_definition`, `invalid_inputs`, `crew_not_runnable`, `idempotency_key_reused`.
 */
export async function forkRun(deps: Deps, request: ForkRequest) {
  const { caller, ...asked } = request;
  const { parentRunId, label, idempotencyKey, route } = asked;
  const [source, { view }] = await Promise.all([
    deps.runs.source(caller.tenant, parentRunId),
    deps.runs.get(caller.tenant, parentRunId),
  ]);
  const crew = overridden(deps, source, request.overrides);
  const fromTask = requireTask(crew.definition, view.tasks, request.fromTask);
  const inputs = requireInputs(crew, { ...knownInputs(crew.definition, source), ...request.inputs }, 'inputs');
  const models = requireRunnable(deps, crew);
  const kept = await edited(
    deps,
    caller.tenant,
    crew.definition,
    keptTasks(crew.definition, view.tasks, fromTask),
    request.edits,
  );
  const webhooks = asked.webhooks ?? (await takenOverWebhooks(deps, caller.tenant, source.publish?.webhooks));
  const started = await startOnce(
    deps,
    caller,
    { route, key: idempotencyKey, request: { ...asked, idempotencyKey: undefined } },
    {
      crew,
      inputs,
      models,
      fork: { parentRunId, fromTask, kept },
      ...(label !== undefined && { label }),
      ...(webhooks.length > 0 && { webhooks }),
    },
  );
  return { ...started, crew };
}

/** The definition that the parent ran, with what the fork wants otherwise. */
function overridden(
  { crews, known }: Deps,
  { crew, definition }: RunSource,
  overrides: Record<string, unknown> | undefined,
): Crew {
  if (!overrides) return { ref: crew, definition };
  const parsed = parseCrew(mergePatch(definition, overrides), known);
  if (!parsed.ok) {
    const errors = listIssues(parsed.issues, 'overrides');
    throw new Problem('invalid_definition', 'With these overrides the definition is not valid; see errors', { errors });
  }
  return { ref: { ...crew, digest: crews.digestOf(parsed.definition) }, definition: parsed.definition };
}

/** The parent's inputs, as far as the definition still declares them. */
function knownInputs({ inputs }: CrewDefinition, source: RunSource): Record<string, unknown> {
  return Object.fromEntries(Object.entries(source.inputs).filter(([name]) => Object.hasOwn(inputs, name)));
}

function requireTask(definition: CrewDefinition, tasks: readonly TaskView[], wanted: string | undefined): string {
  const ids = Object.keys(definition.tasks);
  if (wanted === undefined) {
    const failed = firstFailed(tasks, definition);
    if (failed !== undefined && ids.includes(failed)) return failed;
    throw new Problem('invalid_fork', 'No task of this run failed or was left undone: fork it from a task instead');
  }
  if (ids.includes(wanted)) return wanted;
  const message = `The crew has no task '${wanted.slice(0, 80)}'.${suggestion(wanted, ids)}`;
  throw new Problem('invalid_fork', message, { errors: [{ path: 'fromTask', message }] });
}

/** Wrong edits that are told of: each costs a look at the crew's tasks, or at a schema. */
const MAX_ERRORS = 20;

/** The tasks that are taken over, with the outputs that a person gave them. */
async function edited(
  { store, decisionSchemas }: Deps,
  tenant: string,
  definition: CrewDefinition,
  kept: KeptTask[],
  edits: Record<string, string> = {},
): Promise<KeptTask[]> {
  const errors: ErrorLine[] = [];
  const texts = new Map<string, string>();
  for (const [id, text] of Object.entries(edits)) {
    if (errors.length >= MAX_ERRORS) break;
    const path = `edits.${id}`;
    if (!kept.some((task) => task.id === id)) {
      const message = Object.hasOwn(definition.tasks, id)
        ? 'This task is done again in the fork: there is no output to edit'
        : `The crew has no task of this name.${suggestion(id, Object.keys(definition.tasks))}`;
      errors.push({ path, message });
      continue;
    }
    const schema = definition.tasks[id]?.output_schema;
    const json = schema === undefined ? undefined : decisionSchemas.extract(text);
    const named = typeof schema === 'string' ? decisionSchemas.named(schema) : schema;
    if (schema !== undefined && json === undefined)
      errors.push({ path, message: 'Expected JSON: the task has an output schema' });
    else if (named) for (const message of decisionSchemas.validate(named, json)) errors.push({ path, message });
    texts.set(id, json === undefined ? text : JSON.stringify(json));
  }
  if (errors.length > 0) throw new Problem('invalid_fork', 'The outputs cannot be edited so; see errors', { errors });
  return Promise.all(
    kept.map(async (task): Promise<KeptTask> => {
      const text = texts.get(task.id);
      if (text === undefined) return task;
      const { output: _, outputRef: __, artifact, skipped: ___, error: ____, ...rest } = task;
      const ref = text.length > INLINE_CHARS || artifact ? await store.putText(tenant, text) : undefined;
      return {
        ...rest,
        status: 'completed',
        ...(ref && text.length > INLINE_CHARS ? { outputRef: ref } : { output: text }),
        ...(definition.tasks[task.id]?.output_schema !== undefined && { format: 'json' as const }),
        ...(artifact && ref && { artifact: { ...artifact, ref } }),
      };
    }),
  );
}
