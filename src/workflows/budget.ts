import { FailureType } from '../contract/failures.js';
import { budgetApprovalId } from '../contract/ids.js';
import type { RunInput } from '../contract/messages.js';
import type { ApprovalView } from '../contract/views.js';
import { excesses, type Excess, type Spent } from '../crew/limits.js';
import { askPerson, type Asker } from './ask-person.js';
import { failure } from './failure.js';
import type { RunState } from './run-state.js';

/** What of a `BudgetGate` goes on when the run continues as new. */
export interface BudgetCarry {
  /** How many times the budget was granted. */
  shares: number;
  /** `<limit>/<shares>` of what was warned of. */
  warned: string[];
  /** Approvals that were asked for. */
  asked: number;
  stopped: boolean;
}

/**
 * Lets model calls through as long as the run's budget has room for them. What a call needs is reserved before it is made, so
 * that calls at the same time see each other; the overshoot is at most what the calls in flight take beyond that.
 */
export class BudgetGate {
  readonly carry: BudgetCarry;
  readonly #definition: RunInput['definition'];
  readonly #state: RunState;
  readonly #run: Asker;
  #asking: Promise<unknown> | undefined;
  readonly #reserved = { tokens: 0, model_calls: 0 };

  constructor(run: Asker, carry?: BudgetCarry) {
    this.carry = carry ?? { shares: 1, warned: [], asked: 0, stopped: false };
    this.#run = run;
    this.#definition = run.input.definition;
    this.#state = run.state;
  }

  /** True once the run shall start nothing new. */
  get stopped(): boolean {
    return this.carry.stopped;
  }

  /**
   * Makes room for one call of about `tokens`, which the caller gives back by the function that this resolves to. Waits
   * for a person where the budget says `pause`.
   * @throws ApplicationFailure `Task.Stopped`
   */
  async reserve(taskId: string, tokens: number): Promise<() => void> {
    const { budget } = this.#definition;
    if (this.#run.control.aborted) throw failure(FailureType.stopped, 'The run is being stopped');
    if (!budget) return () => undefined;
    const next = { tokens, model_calls: 1 };
    for (;;) {
      if (this.stopped) throw failure(FailureType.stopped, 'The run is being stopped: its budget is used up');
      const found = excesses(budget, this.#spent(), next, this.carry.shares);
      if (found.length === 0) break;
      const onExceed = budget.on_exceed ?? 'stop';
      if (onExceed === 'warn') {
        this.#warn(found);
        break;
      }
      if (onExceed === 'pause') await this.#ask(taskId, found);
      else this.#stop(found);
    }
    this.#reserved.tokens += tokens;
    this.#reserved.model_calls += 1;
    return () => {
      this.#reserved.tokens -= tokens;
      this.#reserved.model_calls -= 1;
    };
  }

  #spent(): Spent {
    const { usage, startedAt } = this.#state.view;
    return {
      tokens: usage.inputTokens + usage.outputTokens + this.#reserved.tokens,
      usd: usage.usd,
      model_calls: usage.calls + this.#reserved.model_calls,
      wall_time: (Date.now() - Date.parse(startedAt)) / 1000,
    };
  }

  #warn(found: Excess[]): void {
    for (const excess of found) {
      if (this.carry.warned.includes(excess.limit)) continue;
      this.carry.warned.push(excess.limit);
      this.#state.budgetWarned(excess);
    }
  }

  #stop(found: Excess[]): void {
    for (const excess of found) this.#state.budgetExceeded(excess, 'stop');
    this.carry.stopped = true;
  }

  /** Waits for the one open question about the budget, or asks it: all calls of the run wait for the same answer. */
  async #ask(taskId: string, found: Excess[]): Promise<void> {
    // Its waits and deadlines are looked after once, by whoever came first (again, after continue-as-new).
    this.#asking ??= this.#askPerson(taskId, found).finally(() => (this.#asking = undefined));
    await this.#asking;
  }

  async #askPerson(taskId: string, found: Excess[]): Promise<void> {
    const open = this.#state.view.approvals.find(({ kind, status }) => kind === 'budget' && status === 'open');
    if (!open) {
      for (const excess of found) this.#state.budgetExceeded(excess, 'pause');
      this.carry.asked += 1;
    }
    const id = open?.id ?? budgetApprovalId(this.carry.asked);
    await askPerson(this.#run, {
      id,
      kind: 'budget',
      taskId: open?.taskId ?? taskId,
      shown: `${found.map(inWords).join('; ')}. Approve to grant the budget once more, abort to end with what is finished.`,
      spec: this.#definition.budget?.approval ?? {},
      actions: ['approve', 'abort'],
    });
    const approval = this.#state.view.approvals.find((one) => one.id === id);
    if (approval?.status === 'expired') this.decided(approval);
  }

  /** Acts on the decision about a budget; at once, so that it holds over continue-as-new. */
  decided({ decision }: ApprovalView): void {
    if (decision?.action === 'approve') this.carry.shares += 1;
    else this.carry.stopped = true;
  }
}

const UNITS: Record<keyof Spent, string> = {
  tokens: 'tokens',
  usd: 'US dollars',
  model_calls: 'model calls',
  wall_time: 'seconds',
};

function inWords({ limit, allowed, used }: Excess): string {
  const round = (amount: number) => Math.round(amount * 1e4) / 1e4;
  return `The run has used ${round(used)} of its ${round(allowed)} ${UNITS[limit]}`;
}
