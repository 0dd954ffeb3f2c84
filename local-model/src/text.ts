/**
 * Joins generated tokens to text. One character can be spread over several tokens, so tokens wait until they make
 * whole characters.
 */
export class TokenText<Token> {
  readonly #detokenize: (tokens: readonly Token[]) => string;
  #pending: Token[] = [];

  constructor(detokenize: (tokens: readonly Token[]) => string) {
    this.#detokenize = detokenize;
  }

  push(token: Token): string {
    this.#pending.push(token);
    const text = this.#detokenize(this.#pending);
    // A character has at most 4 bytes; a fifth token means that the bytes really are not valid.
    if (text.endsWith('\uFFFD') && this.#pending.length < 5) return '';
    this.#pending = [];
    return text;
  }

  /** What is left at the end, valid or not. */
  flush(): string {
    const text = this.#pending.length > 0 ? this.#detokenize(this.#pending) : '';
    this.#pending = [];
    return text;
  }
}

/** Finds stop texts in a stream. Text that may turn out to begin one is held back. */
export class StopFilter {
  readonly #stops: readonly string[];
  #held = '';
  /** True once a stop text was seen; nothing is let through after that. */
  stopped = false;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** The text that can safely be sent on. */
  push(text: string): string {
    if (this.stopped) return '';
    const all = this.#held + text;
    const found = this.#stops.map((stop) => all.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.stopped = true;
      this.#held = '';
      return all.slice(0, Math.min(...found));
    }
    const keep = Math.max(0, ...this.#stops.map((stop) => overlap(all, stop)));
    this.#held = all.slice(all.length - keep);
    return all.slice(0, all.length - keep);
  }

  /** What was held back for a stop text that never came. */
  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }
}

/** Length of the longest end of `text` that `stop` begins with. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
