import { isCancellation } from '@temporalio/workflow';
import { FailureType } from '../contract/failures.js';
import { callId } from '../contract/ids.js';
import type { Coworker, Text, ToolCall } from '../contract/wire.js';
import { readDelegation, type Delegation } from '../crew/delegation.js';
import { MAX_DELEGATION_DEPTH } from '../crew/limits.js';
import { delegationMessages } from '../crew/prompt.js';
import type { CrewDefinition } from '../crew/types.js';
import { failureView } from './failure-view.js';
import type { Scope } from './journal.js';
import { toWire } from './messages.js';
import type { RunContext } from './run-context.js';
import type { Turn } from './turn.js';

/**
 * The agents that an agent may hand work to: all others of the crew, or those it names; never the manager, and none that
 * is at work on the same thing already. Empty where it may not delegate, or the work came down far enough.
 */
export function coworkersOf(run: RunContext, agentKey: string, chain: readonly string[]): Coworker[] {
  const { agents, manager_agent: manager }: CrewDefinition = run.input.definition;
  const agent = agents[agentKey];
  if (agent?.allow_delegation !== true || chain.length > MAX_DELEGATION_DEPTH) return [];
  const allowed = agent.allowed_agents ?? Object.keys(agents);
  return allowed
    .filter((key) => key !== agentKey && key !== manager && Object.hasOwn(agents, key))
    .map((key) => ({ key, role: run.state.roleOf(key), goal: (agents[key]?.goal ?? '').slice(0, 200) }));
}

/**
 * Hands work to a coworker, or asks one, and gives what they answer. `refused`: it could not be handed on, and the text
 * says why. What goes wrong with the coworker is told to the agent; only the end of the run itself gets through.
 */
export async function delegate(
  run: RunContext,
  scope: Scope,
  name: string,
  turn: Turn,
  kind: Delegation['kind'],
  call: ToolCall,
): Promise<{ text: Text; refused: boolean }> {
  const args = call.arguments ?? {};
  if ('ref' in args && 'chars' in args) return refusal('That is too long for a coworker: be shorter.');
  const wanted = readDelegation(kind, args, turn.coworkers);
  if ('problem' in wanted) return refusal(wanted.problem);
  if (turn.chain.includes(wanted.to)) {
    return refusal('That coworker is waiting for you: do it yourself, or ask another one.');
  }
  return scope.block(name, async (inner) => {
    try {
      const { output } = await run.agentTurn(run, inner.at('turn'), coworkersTurn(run, inner, turn, wanted));
      return { text: output, refused: false };
    } catch (error) {
      const { code, message } = failureView(error);
      if (isCancellation(error) || code === FailureType.stopped) throw error;
      return { text: `The coworker could not do it: ${message}`, refused: false };
    }
  });
}

function coworkersTurn(run: RunContext, scope: Scope, turn: Turn, wanted: Delegation): Turn {
  const { definition, inputs } = run.input;
  const agent = definition.agents[wanted.to] ?? turn.agent;
  const number = scope.once('number', () => {
    run.state.taskDelegated(turn.caller, wanted.to, wanted.kind);
    return run.counters.next(`${turn.place}/delegate`);
  });
  const chain = [...turn.chain, wanted.to];
  const from = run.state.roleOf(turn.caller.agent);
  return {
    caller: { ...turn.caller, agent: wanted.to },
    agent,
    place: callId(turn.place, 'delegate', number),
    messages: toWire(delegationMessages(agent, inputs, { ...wanted, from })),
    tools: agent.tools ?? [],
    coworkers: coworkersOf(run, wanted.to, chain),
    chain,
  };
}

function refusal(text: string): { text: string; refused: boolean } {
  return { text, refused: true };
}
