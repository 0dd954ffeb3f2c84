import type { StopReason } from '../contract/events.js';

/** Why a run ends before its last task. */
export interface Stop {
  reason: StopReason;
  /** Who wanted it. */
  by?: string;
}

/**
 * Whether the run shall end before its last task. `requested`: what runs is finished, nothing new is begun. `aborted`: no
 * call is made any more.
 */
export class Control {
  #stop: Stop | undefined;

  /** `stop`: as it was before the run continued as new. */
  constructor(stop?: Stop) {
    this.#stop = stop;
  }

  get stopping(): Stop | undefined {
    return this.#stop;
  }

  /** True: no call is made any more. */
  get aborted(): boolean {
    return this.#stop?.reason === 'aborted';
  }

  /** The first reason stands, but an abort is more than a request. */
  stop(stop: Stop): void {
    if (!this.#stop || (stop.reason === 'aborted' && !this.aborted)) this.#stop = stop;
  }
}
