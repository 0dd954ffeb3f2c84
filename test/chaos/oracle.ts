import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '../../src/client/index.js';
import { expectedCalls, expectedOutputs } from './crews.js';
import { endangered, inFlight, type Fault } from './faults.js';
import type { FinishedActivity } from './histories.js';
import type { LoadRun } from './load.js';
import type { CountingModel, SeenCall } from './model.js';

/** Everything that was seen, when all is over. */
export interface Evidence {
  runs: readonly LoadRun[];
  faults: readonly Fault[];
  model: Pick<CountingModel, 'calls' | 'uses'>;
  finished: readonly FinishedActivity[];
  /** Events as they lie in Kafka, in their order. */
  published: readonly RunEvent[];
  /** Processes that did not end, in words. */
  leftBehind: readonly string[];
}

/** A call that was made once more though it had been answered, or may have been. */
export interface Repeat {
  id: string;
  /** The fault in which it was in flight; undefined where there was none. */
  fault: Fault | undefined;
}

/** No call lasts longer, whatever the clock says. */
const LONGEST_CALL_MS = 120_000;

/** Everything that is not as it must be, in words; nothing where all is well. */
export function problemsOf(evidence: Evidence): string[] {
  const { runs, leftBehind } = evidence;
  return [
    ...runs.flatMap(outcomeProblems),
    ...runs.flatMap(decisionProblems),
    ...runs.flatMap(subscriberProblems),
    ...runs.flatMap(eventProblems),
    ...publishedProblems(evidence),
    ...callProblems(evidence),
    ...toolProblems(evidence),
    ...leftBehind.map((line) => `left behind: ${line}`),
  ];
}

/** Lost, or wrong. */
function outcomeProblems({ tag, crew, runId, view }: LoadRun): string[] {
  const run = `run ${tag} (${crew.name}, ${runId})`;
  if (!view) return [`${run} is lost`];
  if (view.status !== 'completed') return [`${run} is ${view.status}: ${JSON.stringify(view.error)}`];
  const outputs = expectedOutputs(crew, tag);
  const wrong = view.tasks.filter(({ id, output }) => output !== outputs[id]);
  const calls = expectedCalls(crew, tag);
  return [
    ...wrong.map(
      ({ id, output = '' }) => `${run}: task ${id} is '${output.slice(0, 80)}', not '${outputs[id]?.slice(0, 80)}'`,
    ),
    ...(view.usage.calls === calls ? [] : [`${run} counts ${view.usage.calls} answered calls, not ${calls}`]),
  ];
}

function decisionProblems({ tag, crew, view, decided }: LoadRun): string[] {
  const asked = Object.entries(crew.tasks).flatMap(([id, { decisions = [], permit }]) => [
    ...decisions.map((action, before) => `${id}.output.${before + 1} ${action} ${tag}`),
    ...(permit ? [`${id}.tool.1 approve ${tag}`] : []),
  ]);
  const made = (view?.approvals ?? []).map(({ id, decision }) => `${id} ${decision?.action} ${decision?.by}`);
  if (isDeepStrictEqual(made.sort(), asked.sort()) && decided.size === asked.length) return [];
  return [`run ${tag}: decided was [${made.join(', ')}], not [${asked.join(', ')}]`];
}

/** Each event once, in order, the same for all, to the end. */
function subscriberProblems({ tag, runId, view, subscribers }: LoadRun): string[] {
  const all = Array.from({ length: view?.lastSeq ?? 0 }, (_, before) => `${runId}:${before + 1}`);
  return subscribers.flatMap(({ events, end }, number) => [
    ...(isDeepStrictEqual(
      events.map(({ id }) => id),
      all,
    )
      ? []
      : [`run ${tag}: subscriber ${number} heard ${events.map(({ seq }) => seq).join(' ')} of 1 to ${all.length}`]),
    ...(isDeepStrictEqual(events, subscribers[0]?.events)
      ? []
      : [`run ${tag}: subscriber ${number} heard other events`]),
    ...(end === view?.status ? [] : [`run ${tag}: subscriber ${number} was told that it is ${end}`]),
  ]);
}

/** Events that say something that cannot be. */
function eventProblems({ tag, subscribers }: LoadRun): string[] {
  const wrong = (subscribers[0]?.events ?? []).filter(({ data }) => {
    const { durationMs = 0 } = data as { durationMs?: number };
    return durationMs < 0 || durationMs > LONGEST_CALL_MS;
  });
  return wrong.map(({ id, type, data }) => `run ${tag}: ${type} ${id} says ${JSON.stringify(data)}`);
}

/** In Kafka each event at least once, and nothing else. */
function publishedProblems({ runs, published }: Evidence): string[] {
  const known = new Map(published.map((event) => [event.id, event]));
  const events = runs.flatMap(({ subscribers }) => subscribers[0]?.events ?? []);
  const ids = new Set(events.map(({ id }) => id));
  const missing = events.filter(({ id }) => !known.has(id));
  const other = events.filter((event) => known.has(event.id) && !isDeepStrictEqual(event, known.get(event.id)));
  const strange = [...known.keys()].filter((id) => !ids.has(id));
  return [
    ...missing.map(({ id }) => `event ${id} is not in Kafka`),
    ...other.map(({ id }) => `event ${id} is another one in Kafka`),
    ...strange.map((id) => `event ${id} in Kafka is nobody's`),
  ];
}

/** No finished call is paid again; one that is made again was in flight when something broke. */
function callProblems({ runs, model, finished, faults }: Evidence): string[] {
  const finishedAt = new Map(finished.map(({ id, at }) => [id, at]));
  const repeats = repeatsOf(model.calls, faults);
  const bound = faults.reduce((sum, fault) => sum + inFlight(fault, model.calls, finishedAt).size, 0);
  const why = new Map(finished.map(({ id, lastFailure = 'none' }) => [id, lastFailure]));
  const late = model.calls.filter(({ id, arrivedAt }) => arrivedAt > (finishedAt.get(id) ?? Infinity));
  const ids = new Set(model.calls.map(({ id }) => id));
  const wanted = runs.reduce((sum, { crew, tag }) => sum + expectedCalls(crew, tag), 0);
  const never = [...ids].filter((id) => !finishedAt.has(id));
  return [
    ...late.map(({ id }) => `call ${id} was paid again after Temporal had its answer`),
    ...repeats
      .filter(({ fault }) => !fault)
      .map(({ id }) => `call ${id} was made again though nothing broke (last failure: ${why.get(id)})`),
    ...(repeats.length <= bound ? [] : [`${repeats.length} calls were made again, ${bound} were in flight`]),
    ...(ids.size === wanted ? [] : [`${ids.size} calls were made, not ${wanted}`]),
    ...never.map((id) => `call ${id} was made and never finished`),
  ];
}

/** Calls that were made again, each with the fault that it was in flight at; those that the model itself never answered are not counted. */
export function repeatsOf(calls: readonly SeenCall[], faults: readonly Fault[]): Repeat[] {
  const byId = new Map<string, SeenCall[]>();
  for (const call of calls) byId.set(call.id, [...(byId.get(call.id) ?? []), call]);
  return [...byId].flatMap(([id, all]) => {
    const used = new Set<Fault>();
    return all.slice(1).flatMap((next, before) => {
      const last = all[before] as SeenCall;
      if (last.outcome === 'unanswered') return [];
      const fault = faults.find((one) => !used.has(one) && endangered(one, last.arrivedAt, next.arrivedAt));
      if (fault) used.add(fault);
      return [{ id, fault }];
    });
  });
}

/** What must not be done twice was not; what may be was done. */
function toolProblems({ runs, model: { uses } }: Evidence): string[] {
  const down = uses.filter(({ tool }) => tool === 'write_down').map(({ key }) => key);
  const twice = down.filter((key, at) => down.indexOf(key) !== at);
  const equipped = runs.flatMap(({ runId, crew: { tasks } }) =>
    Object.entries(tasks).flatMap(([id, { tools }]) => (tools ? [`${runId}/${id}/`] : [])),
  );
  const never = equipped.filter((place) => !uses.some(({ tool, key }) => tool === 'look_up' && key.includes(place)));
  return [
    ...twice.map((key) => `tool call ${key} must not be repeated, and was`),
    ...never.map((place) => `no tool was called for ${place}`),
  ];
}
