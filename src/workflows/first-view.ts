import type { RunInput } from '../contract/messages.js';
import type { RunView } from '../contract/views.js';
import { render } from '../crew/template.js';
import { noUsage } from './usage.js';

/** The view of a run that begins. `startedAt`: ISO 8601. */
export function firstView(input: RunInput, startedAt: string): RunView {
  const { runId, crew, definition, inputs } = input;
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
    })),
    approvals: [],
    usage: noUsage(),
    agents: {},
    models: {},
    startedAt,
    lastSeq: 0,
  };
}

/** True where a run does not begin at once. */
export function isQueued({ startAfter, turn }: RunInput): boolean {
  return startAfter !== undefined || turn === true;
}
