import { randomUUID } from 'node:crypto';
import { isPlainJson } from '../../crew/json.js';
import type { PlainToolCall } from '../../contract/wire.js';
import { mendJson } from '../json/extract.js';
import { noSuchTool } from './tool-names.js';

/** A call as the model gave it. */
export interface RawToolCall {
  id?: string | undefined;
  name: string;
  /** JSON as text, or what a JSON turn had in its place. */
  arguments: unknown;
}

/** What is needed to make sense of calls. */
export interface ToolCallContext {
  /** Names of the tools that may be called. */
  tools: readonly string[];
  fromWire: (said: string) => string | undefined;
  /** Ids that the conversation has already. */
  usedIds: Iterable<string>;
  /** True: the answer reached its longest length, so its end is missing. */
  cut: boolean;
  /** True: no tool may be called now. */
  forbidden: boolean;
}

/** Longest piece of what a model wrote that is said back to it. */
const SHOWN_CHARS = 200;

/**
 * The calls of an answer: tools by our names, arguments as objects, ids that nothing else has. What cannot be called
 * says why, in words for the model.
 */
export function plainToolCalls(calls: readonly RawToolCall[], context: ToolCallContext): PlainToolCall[] {
  const used = new Set(context.usedIds);
  return calls.map((call) => {
    const id = call.id !== undefined && call.id !== '' && !used.has(call.id) ? call.id : newId();
    used.add(id);
    return { id, ...understood(call, context) };
  });
}

function understood(call: RawToolCall, context: ToolCallContext): Omit<PlainToolCall, 'id'> {
  const { tools, fromWire, cut, forbidden } = context;
  const name = fromWire(call.name);
  const raw = typeof call.arguments === 'string' ? call.arguments : asText(call.arguments);
  const parsed = argumentsOf(call.arguments, cut);
  const invalid = (said: string, why: string) => ({
    name: said,
    arguments: parsed ?? {},
    invalid: why,
    ...(!parsed && { raw }),
  });
  if (forbidden) return invalid(name ?? call.name, 'No tool may be called now: answer with what is known.');
  if (name === undefined) return invalid(call.name, noSuchTool(call.name, tools));
  if (parsed) return { name, arguments: parsed };
  if (cut) return invalid(name, 'The call was cut off at the longest answer allowed: make it shorter.');
  return invalid(name, `The arguments are no JSON object: ${clip(raw)}`);
}

/** Nothing is no arguments. An object may be given as JSON in a text, once more in a text, or with mistakes that can be mended. */
function argumentsOf(value: unknown, cut: boolean): Record<string, unknown> | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === ''))
    return cut ? undefined : {};
  if (typeof value !== 'string') return isObject(value) ? value : undefined;
  let parsed = parse(value);
  if (typeof parsed === 'string') parsed = parse(parsed) ?? parsed;
  if (parsed === null) return {};
  if (isObject(parsed)) return parsed;
  // Mending would complete what was cut, and call the tool with half of an argument.
  const mended = parsed === undefined && !cut ? mendJson(value) : undefined;
  return isObject(mended) ? mended : undefined;
}

function asText(value: unknown): string {
  return value !== undefined && isPlainJson(value) ? JSON.stringify(value) : '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  // What is nested out of reason, or no number of JSON, could not be passed on.
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlainJson(value);
}

function newId(): string {
  return `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

function clip(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}
