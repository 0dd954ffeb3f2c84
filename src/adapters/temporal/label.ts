import { keyword } from '../../contract/waiting.js';

/** A label as a search attribute's value. The label itself is in the memo. */
export function labelKeyword(label: string): string {
  return keyword(label);
}
