import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import type { CrewWorld } from '../support/crew-world.js';
import { eventually, openApproval } from '../support/crew-world.js';
import { crewDocument, crewOf } from '../support/crews.js';

/** One run that shows one feature, for a saved history. */
export interface Scenario {
  answers: ScriptInput['answers'];
  /** Plays the run to its end. */
  play(world: CrewWorld): Promise<string>;
}

const facts = { when: 'FIND', text: 'facts' };

async function ended(world: CrewWorld, runId: string): Promise<string> {
  await world
    .handle(runId)
    .result()
    .catch(() => undefined);
  return runId;
}

/** By name of the saved file. */
export const SCENARIOS: Record<string, Scenario> = {
  'two-tasks': {
    answers: [facts, { when: 'WRITE', text: 'text' }],
    play: async (world) => ended(world, await world.start(crewOf(crewDocument()))),
  },
  'task-failed': {
    answers: [facts, { error: { status: 401, message: 'no' } }],
    play: async (world) => ended(world, await world.start(crewOf(crewDocument()))),
  },
  'empty-answer-retried': {
    answers: [{ text: ' ' }, facts, { when: 'WRITE', text: 'text' }],
    play: async (world) => ended(world, await world.start(crewOf(crewDocument()))),
  },
  cancelled: {
    answers: [facts, { when: 'WRITE', hang: true }],
    play: async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await eventually('the second call', () => Promise.resolve(world.model.calls().length === 2));
      await world.handle(runId).cancel();
      return ended(world, runId);
    },
  },
  'rejected-by-update-approved-by-signal': {
    answers: [facts, { when: 'WRITE', text: 'draft' }, { when: 'shorter', text: 'short' }],
    play: async (world) => {
      const document = crewDocument();
      Object.assign(document.tasks['write'] ?? {}, { human_input: true });
      const runId = await world.start(crewOf(document));
      const first = await openApproval(world, runId);
      const rejection = { approvalId: first.id, action: 'reject', by: 'ada', feedback: 'shorter' } as const;
      await world.runs.decide(DEFAULT_TENANT, runId, rejection, 'key-1');
      const second = await openApproval(world, runId);
      await world.runs.signalDecision(DEFAULT_TENANT, runId, { approvalId: second.id, action: 'approve', by: 'bob' });
      return ended(world, runId);
    },
  },
};
