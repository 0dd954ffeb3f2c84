import type { TokenMessage } from '../../ports.js';

type Listener = (message: TokenMessage) => void;

/** The name of a run on the channel. */
export function topicOf(tenant: string, runId: string): string {
  return `${tenant}/${runId}`;
}

/** Who listens in this process, by topic. */
export class Listeners {
  readonly #byTopic = new Map<string, Set<Listener>>();

  topics(): string[] {
    return [...this.#byTopic.keys()];
  }

  /** True where it is the first of its topic. */
  add(topic: string, listener: Listener): boolean {
    const known = this.#byTopic.get(topic);
    if (known) known.add(listener);
    else this.#byTopic.set(topic, new Set([listener]));
    return known === undefined;
  }

  /** True where it was the last of its topic. */
  remove(topic: string, listener: Listener): boolean {
    const known = this.#byTopic.get(topic);
    if (!known?.delete(listener) || known.size > 0) return false;
    return this.#byTopic.delete(topic);
  }

  /** Tells a message as it came: one that is none of ours is passed over. */
  tell(topic: string, message: unknown): void {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type !== 'delta' && message.type !== 'reset') return;
    for (const listener of this.#byTopic.get(topic) ?? []) listener(message as TokenMessage);
  }
}
