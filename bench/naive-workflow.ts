import { proxyActivities } from '@temporalio/workflow';

const { naiveCall } = proxyActivities<{ naiveCall(conversation: string[]): Promise<string[]> }>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** What is compared with: the conversation goes into each call and comes back with what was added, as many designs have it. */
export async function naiveAgent(rounds: number): Promise<number> {
  let conversation: string[] = ['You are an agent.'];
  for (let round = 0; round < rounds; round++) conversation = await naiveCall(conversation);
  return conversation.length;
}
