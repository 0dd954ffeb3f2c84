import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { defineTool, type Tool } from '../../src/authoring/define.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { RunEvent } from '../../src/contract/events.js';
import type { DecisionInput } from '../../src/contract/wire.js';
import type { ApprovalView, RunView, TaskView } from '../../src/contract/views.js';
import type { Crew } from '../../src/ports.js';
import { eventually, type CrewWorld } from './crew-world.js';
import { crewOf } from './crews.js';

/** A crew of one agent a task, from its tasks' own keys: `a` says `DO-a`, so that a script can tell the calls apart. */
export function crewWith(
  tasks: Record<string, Record<string, unknown>>,
  more: Record<string, unknown> = {},
  agent: Record<string, unknown> = {},
): Crew {
  const agents = { worker: { role: 'Worker', goal: 'Work', backstory: 'You work.', ...agent } };
  const entries = Object.entries(tasks).map(([id, task]) => [
    id,
    { description: `DO-${id}`, expected_output: 'Something', agent: 'worker', ...task },
  ]);
  return crewOf({ schemaVersion: 1, name: 'made', agents, tasks: Object.fromEntries(entries) as object, ...more });
}

/** Starts a run with no inputs, waits until it has ended however it did, and reads it. */
export async function runToEnd(world: CrewWorld, crew: Crew, inputs: Record<string, string> = {}): Promise<Ended> {
  const runId = await world.start(crew, inputs);
  return ended(world, runId);
}

/** Waits until a run has ended however it did, and reads it. */
export async function ended(world: CrewWorld, runId: string): Promise<Ended> {
  await world
    .handle(runId)
    .result()
    .catch(() => undefined);
  return readEnded(world, runId);
}

/** Decides an approval by Update, as Ada. The key is the approval's own. */
export function decide(
  world: CrewWorld,
  runId: string,
  decision: Omit<DecisionInput, 'by'> & { by?: string },
): Promise<ApprovalView> {
  return world.runs.decide(DEFAULT_TENANT, runId, { by: 'ada', ...decision }, `key-${decision.approvalId}`);
}

/** Waits until a run has so many open approvals, and gives them. */
export function openOnes(world: CrewWorld, runId: string, count: number): Promise<ApprovalView[]> {
  return eventually(`${count} open approvals`, async () => {
    const { view } = await world.runs.get(DEFAULT_TENANT, runId);
    const open = view.approvals.filter(({ status }) => status === 'open');
    return open.length === count ? open : undefined;
  });
}

/** A run that ended, as readers get it. */
export interface Ended {
  runId: string;
  view: RunView;
  events: RunEvent[];
  /** Every event as `type task`. */
  story: string[];
  task(id: string): TaskView;
}

export async function readEnded(world: CrewWorld, runId: string): Promise<Ended> {
  const { view } = await world.runs.get(DEFAULT_TENANT, runId);
  const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
  return {
    runId,
    view,
    events,
    story: events.map(({ type, taskId }) => (taskId === undefined ? type : `${type} ${taskId}`)),
    task: (id) => {
      const task = view.tasks.find((one) => one.id === id);
      if (!task) throw new Error(`no task ${id}`);
      return task;
    },
  };
}

/** Statuses of tasks by key. */
export function statuses({ view }: Ended): Record<string, string> {
  return Object.fromEntries(view.tasks.map(({ id, status }) => [id, status]));
}

/** A tool that adds, and counts how often it was really called. */
export function adder(
  more: Partial<Pick<Tool, 'cache' | 'idempotent' | 'needsApproval' | 'resultAsAnswer' | 'timeoutMs'>> = {},
) {
  const calls: { a: number; b: number }[] = [];
  const tool = defineTool({
    name: 'add',
    description: 'Adds two numbers.',
    input: z.object({ a: z.number(), b: z.number() }),
    ...more,
    run: (input) => {
      calls.push(input);
      return { sum: input.a + input.b };
    },
  });
  return { tool: tool as unknown as Tool, calls };
}

/** A tool that never ends by itself. */
export function sleeper(timeoutMs: number): Tool {
  return defineTool({
    name: 'sleep',
    description: 'Sleeps.',
    input: z.object({}),
    timeoutMs,
    run: async (_input, { signal }) => {
      await delay(60_000, undefined, { signal });
      return 'awake';
    },
  });
}

/** A tool whose calls last until the test opens it: meanwhile a task is running for certain. */
export function gate() {
  const opened = new AbortController();
  let calls = 0;
  const tool = defineTool({
    name: 'wait',
    description: 'Waits.',
    input: z.object({}),
    run: async (_input, { signal }) => {
      calls += 1;
      if (!opened.signal.aborted)
        await delay(600_000, undefined, { signal: AbortSignal.any([signal, opened.signal]) }).catch(() => undefined);
      signal.throwIfAborted();
      return 'go on';
    },
  });
  return {
    tool: tool as unknown as Tool,
    /** Resolves when it is called. */
    called: () => eventually('a call of the gate', () => Promise.resolve(calls > 0)),
    open: () => opened.abort(),
  };
}

/** A scripted answer that calls tools. */
export function toolCall(name: string, args: Record<string, unknown> = {}, when?: string) {
  return { tool_calls: [{ name, arguments: args }], ...(when !== undefined && { when }) };
}
