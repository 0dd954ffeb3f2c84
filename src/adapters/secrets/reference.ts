/** `{{secret:NAME}}`: stands for a secret wherever its value must not be written. */
export const REFERENCE = /\{\{secret:([^{}]*)\}\}/g;

/** How secrets are named: as variables are. */
export const SECRET_NAME_PATTERN = /^[A-Z][A-Z0-9_]{0,63}$/;

/** Whether a text refers to a secret, by whatever name. */
export function hasReference(text: string): boolean {
  return text.includes('{{secret:') && text.search(REFERENCE) !== -1;
}

/** The name in a text that is a reference and nothing else. */
export function referredName(text: string): string | undefined {
  return /^\{\{secret:([^{}]*)\}\}$/.exec(text)?.[1];
}

/** A reference as messages show it. */
export function shownReference(name: string): string {
  return `{{secret:${name.length <= 80 ? name : `${name.slice(0, 80)}…`}}}`;
}
