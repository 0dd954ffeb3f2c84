import type { McpServer } from './config.js';

/** Whether the operator lets a tool of the server be used, by its name. */
export function isPermitted({ allow, deny }: McpServer, tool: string): boolean {
  return (allow === undefined || matchesAny(allow, tool)) && !matchesAny(deny, tool);
}

/** `true`, `false`, or whether the tool is on the list. */
export function says(setting: boolean | readonly string[], tool: string): boolean {
  return typeof setting === 'boolean' ? setting : setting.includes(tool);
}

/** What tools and logs show in place of a secret. */
const HIDDEN = '[secret]';
/** Shorter values are words that occur anyhow. */
const MIN_SECRET_CHARS = 8;

/** The text without the secrets that the server was given: neither logs nor transcripts are places for them. */
export function withoutSecrets({ secrets }: McpServer, text: string): string {
  return secrets.reduce(
    (clean, secret) => (secret.length < MIN_SECRET_CHARS ? clean : clean.replaceAll(secret, HIDDEN)),
    text,
  );
}

function matchesAny(patterns: readonly string[], tool: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(tool);
  });
}
