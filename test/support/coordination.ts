import { createCrewBatches } from '../../src/adapters/temporal/batches.js';
import { createCrewThreads } from '../../src/adapters/temporal/threads.js';
import type { CrewCatalog } from '../../src/ports.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import { testApp } from './app.js';
import { eventually, type CrewWorld } from './crew-world.js';
import { catalogOf, crewOf } from './crews.js';

/** A crew of one task, whose one call says the topic: `SAY tea`. */
export const sayer = crewOf({
  schemaVersion: 1,
  name: 'sayer',
  inputs: { topic: {} },
  agents: { one: { role: 'R', goal: 'G', backstory: 'B' } },
  tasks: { say: { description: 'SAY {topic}', expected_output: 'Words', agent: 'one' } },
});

/** What the model says: nothing, ever, about a topic that begins with `hang`; else `words`, after a while. */
export function answersAfter(delay_ms = 0): ScriptInput['answers'] {
  return [
    { when: 'SAY hang', hang: true, repeat: true },
    { when: 'SAY', text: 'words', delay_ms, repeat: true },
  ];
}

/** A gateway in front of a world, with its batches, schedules and threads. */
export function gatewayOf(world: CrewWorld, crews: CrewCatalog = catalogOf(sayer)) {
  const { runs, batches, schedules, threads, store } = world;
  return testApp({ runs, batches, schedules, threads, store, crews });
}

/** The same, where coordinators do not look for themselves: all that they learn is what they are told. */
export function gatewayOfTold(world: CrewWorld) {
  const never = 3_600_000;
  return gatewayOf({
    ...world,
    batches: createCrewBatches(world.client, world.taskQueue, never),
    threads: createCrewThreads(world.client, world.taskQueue, { checkEveryMs: never, admissionMs: never }),
  });
}

export type Gateway = ReturnType<typeof gatewayOf>;

/** Waits for a run to reach a status. */
export async function untilStatus({ get }: Gateway, runId: string, ...statuses: string[]) {
  let last = '';
  const reached = async () => {
    const { json, text } = await get(`/v1/runs/${runId}`);
    last = text;
    return statuses.includes(json?.status as string) && json;
  };
  try {
    return await eventually(`${runId} to be ${statuses.join(' or ')}`, reached);
  } catch (error) {
    throw new Error(`it was ${last}`, { cause: error });
  }
}

/** Waits for the calls of the model that say this. */
export function untilCalled(world: CrewWorld, topic: string, times = 1) {
  return eventually(`${times} calls about ${topic}`, () => Promise.resolve(callsAbout(world, topic) >= times));
}

/** How often the model was asked about a topic. */
export function callsAbout(world: CrewWorld, topic: string): number {
  return world.model.calls().filter(({ messages }) => JSON.stringify(messages).includes(`SAY ${topic}`)).length;
}
