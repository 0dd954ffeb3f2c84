import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../src/activities/index.js';
import type { ChatMessage, ModelRequest } from '../../src/contract/wire.js';

/** What the product is compared with: workflows as one writes them by hand for one purpose, on the same activities. */

const { callModel } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '5 seconds',
  scheduleToCloseTimeout: '2 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 20 },
});

/** So many calls in sequence; each after the first is told what the one before it answered. */
export async function bareSequence(topic: string, calls: number): Promise<string> {
  let text = '';
  for (let call = 1; call <= calls; call++) {
    const notes = call === 1 ? [] : ['Notes from the Worker:\n', text, '\n\n'];
    const messages: ChatMessage[] = [
      { role: 'system', content: 'You are Worker. You work.\nYour goal: Work' },
      { role: 'user', content: [...notes, `Write about ${topic}\nExpected output: Something`].join('') },
    ];
    ({ text } = await callModel({ messages }));
  }
  return text;
}

/** Requests of a run of the product: those of a step at the same time, step after step. */
export async function bareSteps(steps: ModelRequest[][]): Promise<string> {
  let text = '';
  for (const step of steps) {
    const replies = await Promise.all(step.map((request) => callModel(request)));
    text = replies.at(-1)?.text ?? '';
  }
  return text;
}
