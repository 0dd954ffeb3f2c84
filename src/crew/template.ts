/**
 * `{input}` templating, CrewAI's: a name in braces is replaced by the input of that name. Replacement is a single pass
 * over the author's text, so braces inside a value are never expanded again. `{{name}}` stands for a literal `{name}`;
 * any other brace (JSON in a description, say) is left as it is.
 */
const PLACEHOLDER = /\{\{([A-Za-z][A-Za-z0-9_-]*)\}\}|\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

/** The names a text refers to, each once, in order. */
export function placeholders(text: string): string[] {
  const names = Array.from(text.matchAll(PLACEHOLDER), (match) => match[2]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The text with its placeholders replaced. A name without a value stays as written (validation refuses such crews). */
export function render(text: string, values: Readonly<Record<string, string | number | boolean>>): string {
  return text.replace(PLACEHOLDER, (whole, literal: string | undefined, name: string | undefined) => {
    if (literal !== undefined) return `{${literal}}`;
    return name !== undefined && Object.hasOwn(values, name) ? String(values[name]) : whole;
  });
}
