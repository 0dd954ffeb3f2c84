import { render } from '../crew/template.js';
import type { RunInput } from './messages.js';
import { noUsage, type RunView, type TaskView } from './views.js';

/** The view of a run that begins. `startedAt`: ISO 8601. */
export function firstView(input: RunInput, startedAt: string): RunView {
  const { runId, crew, definition, inputs, fork } = input;
  const roleOf = (agent: string) => render(definition.agents[agent]?.role ?? agent, inputs);
  return {
    runId,
    crew,
    status: isQueued(input) ? 'queued' : 'running',
    inputs,
    tasks: Object.entries(definition.tasks).map(([id, { agent = '' }]) => ({
      id,
      agent,
      role: roleOf(agent),
      status: 'pending',
      attempt: 0,
      attempts: [],
      usage: noUsage(),
      ...keptOf(fork, id, roleOf),
    })),
    approvals: [],
    usage: noUsage(),
    agents: {},
    models: {},
    ...(fork && { parentRunId: fork.parentRunId, forkedFromTask: fork.fromTask }),
    startedAt,
    lastSeq: 0,
  };
}

/** A task as the run that this one was forked from left it. */
function keptOf(fork: RunInput['fork'], id: string, roleOf: (agent: string) => string): Partial<TaskView> {
  const kept = fork?.kept.find((task) => task.id === id);
  return kept ? { ...kept, role: roleOf(kept.agent), keptFrom: fork?.parentRunId ?? '' } : {};
}

/** True where a run does not begin at once. */
export function isQueued({ startAfter, turn }: RunInput): boolean {
  return startAfter !== undefined || turn === true;
}
