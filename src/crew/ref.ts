/** `research-summary@2` in its parts. */
export function splitCrewRef(text: string): { name: string; version?: string } {
  const at = text.indexOf('@');
  return at < 0 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + 1) };
}
