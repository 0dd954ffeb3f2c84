import { formatPath } from './issues.js';
import { rejectionsOf } from './approval.js';
import { warningsOf } from './explain-warnings.js';
import { directlyAfter, readsOf, stagesOf } from './graph.js';
import { MAX_CALLS_A_ROUND, MAX_DELEGATION_DEPTH, MAX_REJECTIONS, SCHEMA_REPAIRS } from './limits.js';
import { DEFAULT_MAX_PARALLEL } from './plan.js';
import { callBounds, coworkersOf, type CallBounds } from './max-calls.js';
import type { CrewDefinition } from './types.js';

/** What a definition will do, as plain JSON: for `crew validate` and for the validate route. */
export interface Explanation {
  name: string;
  process: CrewDefinition['process'];
  inputs: ExplainedInput[];
  tasks: ExplainedTask[];
  /** Tasks by the earliest moment at which they can start: those of one stage may run at the same time. */
  stages: string[][];
  /** The most that run at the same time, where several can. */
  maxParallel: number;
  /** Answers that a run can be made to pay for, at most; null where no bound can be counted. `assumptions` say what it stands on. */
  maxModelCalls: number | null;
  /** What a run takes where nothing is done twice and what may be skipped is skipped. */
  minModelCalls: number;
  assumptions: string[];
  warnings: ExplainedWarning[];
}

/** One input that a run takes. */
export interface ExplainedInput {
  name: string;
  type: 'string' | 'number' | 'integer' | 'boolean';
  required: boolean;
  default?: string | number | boolean;
}

/** One task and its place in the order of work. */
export interface ExplainedTask {
  id: string;
  /** Key of the agent; absent where the manager chooses. */
  agent?: string;
  /** The tasks after which it starts; those that these wait for are left out. */
  after: string[];
  /** The tasks whose outputs its agent reads. */
  reads: string[];
  /** With delegated work, judges and reviews; null where it cannot be counted. */
  maxModelCalls: number | null;
}

/** What is right and yet probably not meant. */
export interface ExplainedWarning {
  /** As in issues: `tasks.research.context`. */
  path: string;
  message: string;
}

/** Explains a valid definition: the order of work, the most model calls, and what is probably not meant. Never throws. */
export function explainCrew(definition: CrewDefinition): Explanation {
  const bounds = callBounds(definition);
  const after = directlyAfter(definition);
  return {
    name: definition.name,
    process: definition.process,
    inputs: Object.entries(definition.inputs).map(([name, spec]) => ({
      name,
      type: spec.type,
      required: spec.required ?? spec.default === undefined,
      ...(spec.default !== undefined && { default: spec.default }),
    })),
    tasks: Object.entries(definition.tasks).map(([id, { agent }]) => ({
      id,
      ...(agent !== undefined && { agent }),
      after: after.get(id) ?? [],
      reads: readsOf(definition, id),
      maxModelCalls: counted(bounds.tasks.get(id) ?? 0),
    })),
    stages: stagesOf(definition),
    maxParallel: definition.max_parallel ?? DEFAULT_MAX_PARALLEL,
    maxModelCalls: counted(bounds.max),
    minModelCalls: bounds.min,
    assumptions: assumptionsOf(definition, bounds),
    warnings: warningsOf(definition, bounds).map(({ path, message }) => ({ path: formatPath(path), message })),
  };
}

function counted(calls: number): number | null {
  return Number.isSafeInteger(calls) ? calls : null;
}

function assumptionsOf(definition: CrewDefinition, bounds: CallBounds): string[] {
  const { agents, tasks, process, budget } = definition;
  const all = Object.values(tasks);
  const delegates = Object.keys(agents).some((key) => coworkersOf(definition, key).length > 0);
  const said: [applies: boolean, text: string][] = [
    [true, 'Calls that a provider failed are not counted, nor is the next model that is asked instead.'],
    [
      delegates,
      `Each of an agent's calls hands work to at most ${MAX_CALLS_A_ROUND} coworkers, at most ${MAX_DELEGATION_DEPTH} deep, each time to the costliest one that it may name, and nobody is handed what came from them.`,
    ],
    [
      all.some((task) => rejectionsOf(task) !== undefined),
      `A person sends an output back fewer than ${MAX_REJECTIONS} times, or fewer than max_rejections says: that often ends the task.`,
    ],
    [
      all.some((task) => task.output_schema !== undefined),
      `An answer that does not fit its schema is asked for again at most ${SCHEMA_REPAIRS} times.`,
    ],
    [process === 'hierarchical', 'The manager assigns the tasks in one call and reviews each attempt at a task.'],
    [
      bounds.max < bounds.uncapped,
      `The budget stops the run at ${bounds.max} model calls; without it there could be ${bounds.uncapped === Infinity ? 'more than can be counted' : bounds.uncapped}.`,
    ],
    [
      budget?.model_calls !== undefined && budget.on_exceed !== undefined && budget.on_exceed !== 'stop',
      `budget.model_calls does not bound the calls: on_exceed is ${budget?.on_exceed}.`,
    ],
    [
      bounds.max === Infinity,
      'There is no bound that can be counted: delegation, retries and reviews multiply to more than 9 · 10^15. Set budget.model_calls, or lower max_iter.',
    ],
  ];
  return said.filter(([applies]) => applies).map(([, text]) => text);
}
