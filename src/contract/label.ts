/** Longest value of a Keyword attribute: its column in Temporal's SQL stores. */
const MAX_KEYWORD_CHARS = 255;

/**
 * A label as a search attribute's value. Percent-encodes what Temporal's SQLite store cannot be asked for (it renders
 * `"` and `\` with escapes that SQLite does not know), and `%`. The label itself is in the memo.
 */
export function labelKeyword(label: string): string {
  return label
    .replace(/["\\%\s]/g, (char) => (char === ' ' ? char : encodeURIComponent(char)))
    .slice(0, MAX_KEYWORD_CHARS);
}
