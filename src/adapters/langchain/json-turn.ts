import type { JsonSchema, PlainMessage, ToolSpec } from '../../contract/wire.js';
import { extractJson } from '../json/extract.js';
import type { RawToolCall } from './tool-calls.js';
import { isObject } from '../../crew/is-object.js';

/**
 * Tools for models that have none: they are told in the prompt, and the answer is one JSON object, either
 * `{"tool": …, "arguments": …}` or `{"final_answer": …}`.
 */

const FINAL = 'final_answer';

/** What the model is told, short: a small model reads it each time. */
export function toolsNote(tools: readonly ToolSpec[], schema: JsonSchema | undefined): string {
  const lines = tools.map(
    ({ name, description, parameters }) => `- ${name}(${parametersOf(parameters)}): ${clip(description, 500)}`,
  );
  return [
    'Tools:',
    ...lines,
    'Answer with one JSON object only. To use a tool:',
    '{"tool": "its name", "arguments": {…}}',
    'When you have what you need:',
    schema ? `{"final_answer": …} with JSON of this JSON Schema: ${JSON.stringify(schema)}` : '{"final_answer": "…"}',
  ].join('\n');
}

/** The schema of such an answer, for endpoints that keep to one. */
export function turnSchema(tools: readonly ToolSpec[], schema: JsonSchema | undefined): JsonSchema {
  const only = (properties: Record<string, unknown>) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  });
  const { $defs, definitions, ...answer } = withoutDialect(schema ?? { type: 'string' });
  const moves = refsOf(schema).every((ref) => /^#\/(\$defs|definitions)\//.test(ref));
  return {
    title: 'turn',
    anyOf: [
      ...tools.map(({ name, parameters }) =>
        only({ tool: { type: 'string', const: name }, arguments: argumentsSchema(parameters) }),
      ),
      only({ [FINAL]: moves ? answer : { type: 'object' } }),
    ],
    // What the answer's schema refers to is looked for at the root.
    ...(moves && $defs !== undefined && { $defs }),
    ...(moves && definitions !== undefined && { definitions }),
  };
}

/** The conversation as such models can read it: calls and results as texts, and nobody twice in a row. */
export function asPlainTurns(messages: readonly PlainMessage[]): PlainMessage[] {
  const turns: PlainMessage[] = [];
  for (const message of messages.map(asPlainTurn)) {
    const last = turns.at(-1);
    if (last?.role === message.role) last.content = `${last.content}\n\n${message.content}`;
    else if (message.content !== '') turns.push({ ...message });
  }
  return turns;
}

/** What an answer means: calls, else the final answer; a text that is no such JSON is taken as the final answer. */
export function readTurn(text: string, isTool: (name: string) => boolean): { text: string; calls: RawToolCall[] } {
  const value = extractJson(text);
  const parts = Array.isArray(value) ? (value as unknown[]) : [value];
  const calls = parts.flatMap((part) => callIn(part, isTool) ?? []);
  if (calls.length > 0 && calls.length === parts.length) return { text: '', calls };
  const answer = finalAnswerIn(value, isTool);
  if (answer !== undefined) return { text: typeof answer === 'string' ? answer : JSON.stringify(answer), calls: [] };
  const cut = value === undefined ? /^\s*(?:```\w*\s*)?\{\s*"tool"\s*:\s*"([^"]*)"/.exec(text)?.[1] : undefined;
  return cut === undefined ? { text, calls: [] } : { text: '', calls: [{ name: cut, arguments: text }] };
}

/** Models that were trained on calls of another shape fall back to it: then the name must be a tool's. */
function callIn(part: unknown, isTool: (name: string) => boolean): RawToolCall | undefined {
  if (!isObject(part)) return undefined;
  const { tool, name } = part;
  const args = part['arguments'] ?? part['parameters'] ?? part['args'] ?? part['input'];
  if (typeof tool === 'string' && tool !== FINAL && !(FINAL in part) && (isTool(tool) || args !== undefined)) {
    return { name: tool, arguments: args };
  }
  return typeof name === 'string' && args !== undefined && isTool(name) ? { name, arguments: args } : undefined;
}

/** Some take the answer for a tool. */
function finalAnswerIn(value: unknown, isTool: (name: string) => boolean): unknown {
  if (!isObject(value)) return undefined;
  if (FINAL in value) return value[FINAL];
  if (value['tool'] !== FINAL || isTool(FINAL)) return undefined;
  const { arguments: args } = value;
  const [only, ...more] = isObject(args) ? Object.values(args) : [];
  return more.length === 0 && typeof only === 'string' ? only : args;
}

function asPlainTurn({ role, content, toolCalls = [], toolName }: PlainMessage): PlainMessage {
  if (role === 'tool') return { role: 'user', content: `Result of ${toolName ?? 'the tool'}: ${content}` };
  if (role !== 'assistant' || toolCalls.length === 0) return { role, content };
  const calls = toolCalls.map(
    ({ name, arguments: args, raw }) => raw ?? JSON.stringify({ tool: name, arguments: args }),
  );
  return { role, content: [...(content === '' ? [] : [content]), ...calls].join('\n') };
}

/** `expression: string, digits?: integer`; a parameter that is more than that is told as its schema. */
function parametersOf(schema: JsonSchema): string {
  const { properties, required } = schema;
  if (!isObject(properties)) return '';
  const needed = new Set(Array.isArray(required) ? (required as unknown[]) : []);
  return Object.entries(properties)
    .map(([name, property]) => `${name}${needed.has(name) ? '' : '?'}: ${typeOf(property)}`)
    .join(', ');
}

function typeOf(property: unknown): string {
  if (!isObject(property)) return 'any';
  const { type, description, ...more } = property;
  const about = typeof description === 'string' ? ` (${clip(description, 200)})` : '';
  const choices: unknown = more['enum'];
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join('|') + about;
  if (typeof type === 'string' && type !== 'object' && type !== 'array') return type + about;
  return clip(JSON.stringify(property), 1_000);
}

/** A schema inside another one: what refers to its own root would refer to something else. */
function argumentsSchema(parameters: JsonSchema): JsonSchema {
  return refsOf(parameters).length > 0 ? { type: 'object' } : { type: 'object', ...withoutDialect(parameters) };
}

function refsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : refsOf(value),
  );
}

function withoutDialect(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

function clip(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars)}…`;
}
