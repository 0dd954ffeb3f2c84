/**
 * Whether a JSON object, or text, that comes in pieces is whole, without reading it again with each piece: that takes minutes for
 * a long one.
 */
export class JsonEnd {
  isEmpty = true;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** The outermost bracket is closed. What comes after makes no JSON of what is none by then. */
  #closed = false;
  #whole: boolean | undefined;

  constructor(piece: string) {
    this.add(piece);
  }

  add(piece: string): void {
    if (piece !== '') this.isEmpty = false;
    for (let at = 0; at < piece.length && !this.#closed; at++) this.#step(piece.charAt(at));
  }

  /** `pieces`: all that was added. */
  isReached(pieces: readonly string[]): boolean {
    if (!this.#closed) return false;
    this.#whole ??= isJson(pieces.join(''));
    return this.#whole;
  }

  #step(char: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (this.#quoted) {
      if (char === '\\') this.#escaped = true;
      else if (char === '"') {
        this.#quoted = false;
        // A text by itself: some send the arguments as JSON in a text.
        if (this.#depth === 0) this.#closed = true;
      }
    } else if (char === '"') this.#quoted = true;
    else if (char === '{' || char === '[') this.#depth += 1;
    else if ((char === '}' || char === ']') && --this.#depth === 0) this.#closed = true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
