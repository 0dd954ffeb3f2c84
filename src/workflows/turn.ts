import type { ChatMessage, Coworker, JsonSchema, Text } from '../contract/wire.js';
import type { AgentDefinition, TaskDefinition } from '../crew/types.js';
import type { Caller } from './run-log.js';

/** What an agent is to do, in one turn. */
export interface Turn {
  caller: Caller & { agent: string };
  agent: AgentDefinition;
  /** Where it is, for the ids of its calls: `research`, `research/delegate/1`. */
  place: string;
  messages: ChatMessage[];
  tools: NonNullable<TaskDefinition['tools']>;
  schema?: JsonSchema | string | undefined;
  /** Agents that work may be handed to; empty: none. */
  coworkers: Coworker[];
  /** Keys of the agents that handed the work on, the task's own first, and this one. */
  chain: string[];
}

/** The final answer of a turn. `json`: it is JSON by the schema. `answer`: of the person who approved it. */
export interface Answer {
  output: Text;
  json: boolean;
  answer?: unknown;
}
