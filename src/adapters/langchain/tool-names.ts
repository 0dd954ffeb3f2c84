import { createHash } from 'node:crypto';
import { nearest } from '../../crew/issues.js';

/** What providers take as the name of a tool. */
const WIRE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Names of tools on the wire, and back. */
export interface ToolNames {
  /** The name on the wire; different names have different ones. */
  toWire(name: string): string;
  /** The tool that a model means; undefined where there is no such tool. */
  fromWire(said: string): string | undefined;
}

/**
 * Maps `server/tool`, `Delegate work to coworker` and whatever else tools are called to names that providers take.
 * `earlier`: names that only the conversation has; they get a wire name, and are no tools.
 */
export function toolNames(tools: readonly string[], earlier: readonly string[] = []): ToolNames {
  const all = [...new Set([...tools, ...earlier])];
  // Names that are fine as they are go first, so that none of them has to give way.
  const wire = new Map(all.filter((name) => WIRE_NAME.test(name)).map((name) => [name, name]));
  const taken = new Set(wire.values());
  for (const name of all.filter((one) => !wire.has(one))) {
    const plain = name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) || 'tool';
    const free = taken.has(plain) || name.length > 64 ? `${plain.slice(0, 55)}_${digest(name)}` : plain;
    taken.add(free);
    wire.set(name, free);
  }
  const exact = new Map(tools.flatMap((name) => [[wire.get(name) ?? name, name] as const, [name, name] as const]));
  return {
    toWire: (name) => wire.get(name) ?? name,
    fromWire: (said) => exact.get(said) ?? alike(said, tools),
  };
}

/** Why a call of a tool that is not there cannot be made, in words for the model. */
export function noSuchTool(said: string, tools: readonly string[]): string {
  if (tools.length === 0) return `There is no tool '${said.slice(0, 100)}', and no other: answer in text.`;
  const near = nearest(said, tools);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  return `There is no tool '${said.slice(0, 100)}'.${hint} Tools: ${tools.slice(0, 50).join(', ')}.`;
}

/** The one tool whose name differs in case and punctuation only, or in a `functions.` before it. */
function alike(said: string, tools: readonly string[]): string | undefined {
  const wanted = plainOf(said.replace(/^functions?[.:/]/, ''));
  const found = wanted === '' ? [] : tools.filter((name) => plainOf(name) === wanted);
  return found.length === 1 ? found[0] : undefined;
}

function plainOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

function digest(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}
