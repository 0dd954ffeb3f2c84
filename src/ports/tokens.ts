/** A piece of an answer while it is written. Live only: nobody keeps it, and one that is lost is not sent again. */
export interface TokenDelta {
  type: 'delta';
  runId: string;
  taskId?: string;
  /** The activity's id: `research/model/1`. */
  call: string;
  /** Of the call, from 1. */
  attempt: number;
  /** Characters of this answer before `text`: who has fewer has missed some. */
  offset: number;
  text: string;
}

/** The call is made again: what came of its answer so far does not count. */
export interface TokenReset {
  type: 'reset';
  runId: string;
  taskId?: string;
  call: string;
  attempt: number;
}

export type TokenMessage = TokenDelta | TokenReset;

/** The worker's side. Never throws and never waits: an answer does not depend on who watches it. */
export interface TokenPublisher {
  /** False: certainly nobody listens. */
  wanted(tenant: string, runId: string): boolean;
  publish(tenant: string, message: TokenMessage): void;
}

/** The gateway's side. */
export interface TokenSource {
  /** Gives what ends the subscription. */
  subscribe(tenant: string, runId: string, listener: (message: TokenMessage) => void): () => void;
}

/** The channel between all workers and all gateways. */
export interface TokenBus extends TokenPublisher, TokenSource {
  close(): Promise<void>;
}
