import { sleep } from '@temporalio/workflow';
import { DEFAULT_MODEL, type ModelFacts } from '../contract/models.js';
import type { RunInput } from '../contract/messages.js';
import type { Text } from '../contract/wire.js';
import type { BudgetGate } from './budget.js';
import type { Control } from './control.js';
import type { Scope } from './journal.js';
import type { RunState } from './run-state.js';
import type { Answer, Turn } from './turn.js';

/** What every part of a run works with. */
export interface RunContext {
  input: RunInput;
  state: RunState;
  budget: BudgetGate;
  control: Control;
  pace: Pace;
  counters: Counters;
  cache: ToolCache;
  /** By task: what it failed with, for the cause of the run's own failure. */
  failures: Map<string, unknown>;
  /** For what an agent's turn itself needs turns for: its coworkers'. */
  agentTurn: (run: RunContext, scope: Scope, turn: Turn) => Promise<Answer>;
  /** Shows the state in the Temporal UI and to lists. */
  show(): void;
}

/** What a run knows of the model that a definition names. A run that was started before there were any knows none. */
export function modelFacts({ models }: RunInput, llm: string | undefined): ModelFacts | undefined {
  const name = llm ?? DEFAULT_MODEL;
  return models && Object.hasOwn(models, name) ? models[name] : undefined;
}

/** Numbers the calls at each place in the run, from 1, over continue-as-new too. */
export class Counters {
  readonly carry: Record<string, number>;

  constructor(carry: Record<string, number> = {}) {
    this.carry = carry;
  }

  next(place: string): number {
    return (this.carry[place] = (this.carry[place] ?? 0) + 1);
  }
}

const MINUTE_MS = 60_000;

/** Holds calls back to the requests a minute of `max_rpm`: of one agent, or of the whole run. */
export class Pace {
  /** By agent, and under `''` of the run: when the calls of the last minute were made, in ms. */
  readonly carry: Record<string, number[]>;

  constructor(carry: Record<string, number[]> = {}) {
    this.carry = carry;
  }

  /** Waits until one more request fits, and counts it. */
  async turn(limits: readonly { of: string; rpm: number | undefined }[]): Promise<void> {
    for (;;) {
      const now = Date.now();
      const waits = limits.map(({ of, rpm }) => {
        const recent = (this.carry[of] ?? []).filter((at) => at > now - MINUTE_MS);
        this.carry[of] = recent;
        const oldest = recent[recent.length - (rpm ?? Infinity)];
        return oldest === undefined ? 0 : oldest + MINUTE_MS - now;
      });
      const wait = Math.max(0, ...waits);
      if (wait === 0) break;
      await sleep(wait);
    }
    for (const { of, rpm } of limits) if (rpm !== undefined) this.carry[of]?.push(Date.now());
  }
}

/** Longest arguments whose result is remembered, and how many results are. */
const MAX_KEY_CHARS = 2_000;
const MAX_RESULTS = 200;

/** What tools gave for which arguments, in one run: a call that is made again costs nothing. */
export class ToolCache {
  readonly carry: Record<string, Text>;

  constructor(carry: Record<string, Text> = {}) {
    this.carry = carry;
  }

  get(tool: string, args: unknown): Text | undefined {
    const key = keyOf(tool, args);
    return key !== undefined && Object.hasOwn(this.carry, key) ? this.carry[key] : undefined;
  }

  set(tool: string, args: unknown, result: Text): void {
    const key = keyOf(tool, args);
    if (key === undefined) return;
    const oldest = Object.keys(this.carry)[0];
    if (oldest !== undefined && Object.keys(this.carry).length >= MAX_RESULTS) delete this.carry[oldest];
    this.carry[key] = result;
  }
}

function keyOf(tool: string, args: unknown): string | undefined {
  const key = `${tool} ${JSON.stringify(sorted(args))}`;
  return key.length <= MAX_KEY_CHARS ? key : undefined;
}

/** The same value with its keys in one order, so that equal arguments look equal. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
