import type { BaseMessage } from '@langchain/core/messages';
import { ModelCallError } from '../../contract/model-error.js';
import type { JsonSchema, PlainMessage, PlainToolCall, ToolSpec } from '../../contract/wire.js';
import type { ChatRequest } from '../../ports.js';
import type { ModelEntry } from '../models/entry.js';
import { callsOf, type Answer } from './answer.js';
import type { CompletionOptions } from './completions.js';
import { asPlainTurns, readTurn, toolsNote, turnSchema } from './json-turn.js';
import { callIdsOf, toLangChain } from './messages.js';
import { planFormat, withNote, type WireFormat } from './response-format.js';
import { plainToolCalls, type RawToolCall } from './tool-calls.js';
import { toolNames, type ToolNames } from './tool-names.js';

/** One question as a provider gets it, and how its answer is read. */
export interface Turn {
  messages: BaseMessage[];
  options: CompletionOptions;
  read(answer: Answer): { text: string; toolCalls: PlainToolCall[] };
}

/** Providers' longest description of a tool, in characters. */
const MAX_DESCRIPTION_CHARS = 1_024;
const NO_NAMES = toolNames([]);

/** @throws ModelCallError where the model takes no tools */
export function planTurn(entry: ModelEntry, request: ChatRequest): Turn {
  const callable = request.toolChoice === 'none' ? [] : (request.tools ?? []);
  if (entry.tools === 'native') return nativeTurn(entry, request, callable);
  if (callable.length === 0) return plainTurn(entry, request);
  if (entry.tools === 'json') return jsonTurn(entry, request, callable);
  throw new ModelCallError('bad_request', `model '${entry.name}' takes no tools (its entry says tools: none)`);
}

/** With the provider's own tool calls. */
function nativeTurn(entry: ModelEntry, request: ChatRequest, callable: readonly ToolSpec[]): Turn {
  const { traits } = entry;
  const { messages, tools = [], schema } = request;
  const earlier = [...new Set(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ name }) => name)))];
  const toolsNow = callable.map(({ name }) => name);
  const names = toolNames(tools.length > 0 ? tools.map(({ name }) => name) : [], earlier);
  const offered = callable.length > 0 ? callable : forReading(tools, earlier, traits.toolChoice);
  const format =
    schema && planFormat(schema, offered.length > 0 && !traits.formatWithTools ? 'none' : traits.responseFormat);
  return {
    messages: toLangChain(withNote(messages, format?.note), names, traits),
    options: {
      ...optionsOf(entry, request, format?.format),
      ...(offered.length > 0 && { tools: offered.map((tool) => wireTool(tool, names)) }),
      ...(offered.length > 0 && callable.length === 0 && { tool_choice: 'none' }),
    },
    read: (answer) => ({
      text: answer.parts.join(''),
      toolCalls: readCalls(callsOf(answer), answer, request, toolsNow, names.fromWire),
    }),
  };
}

/** Some providers read a conversation with tool calls only where the tools are there, too. */
function forReading(tools: readonly ToolSpec[], earlier: readonly string[], canForbid: boolean): readonly ToolSpec[] {
  if (earlier.length === 0 || !canForbid) return [];
  if (tools.length > 0) return tools;
  return earlier.map((name) => ({ name, description: '', parameters: {} }));
}

/** With tools told in the prompt, and an answer in JSON. */
function jsonTurn(entry: ModelEntry, request: ChatRequest, callable: readonly ToolSpec[]): Turn {
  const { traits } = entry;
  const { messages, schema } = request;
  const tools = callable.map(({ name }) => name);
  const { fromWire } = toolNames(tools);
  const plain = withNote(asPlainTurns(messages), toolsNote(callable, schema));
  return {
    messages: toLangChain(plain, NO_NAMES, traits),
    options: optionsOf(entry, request, turnFormat(entry, callable, schema)),
    read: (answer) => {
      const { text, calls } = readTurn(answer.parts.join(''), (name) => fromWire(name) !== undefined);
      return { text, toolCalls: readCalls([...calls, ...callsOf(answer)], answer, request, tools, fromWire) };
    },
  };
}

function turnFormat(
  entry: ModelEntry,
  tools: readonly ToolSpec[],
  schema: JsonSchema | undefined,
): WireFormat | undefined {
  const { responseFormat } = entry.traits;
  if (responseFormat === 'none') return undefined;
  if (responseFormat === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: 'turn', schema: turnSchema(tools, schema), strict: false } };
}

/** Without tools, for models that know none: also a conversation that had some. */
function plainTurn(entry: ModelEntry, request: ChatRequest): Turn {
  const format = request.schema && planFormat(request.schema, entry.traits.responseFormat);
  return {
    messages: toLangChain(withNote(asPlainTurns(request.messages), format?.note), NO_NAMES, entry.traits),
    options: optionsOf(entry, request, format?.format),
    read: (answer) => ({
      text: answer.parts.join(''),
      toolCalls: readCalls(callsOf(answer), answer, request, [], () => undefined),
    }),
  };
}

function readCalls(
  calls: readonly RawToolCall[],
  { finishReason }: Answer,
  { messages, toolChoice }: { messages: readonly PlainMessage[]; toolChoice?: 'none' },
  tools: readonly string[],
  fromWire: (said: string) => string | undefined,
): PlainToolCall[] {
  const forbidden = toolChoice === 'none';
  const cut = finishReason === 'length' || finishReason === 'max_tokens';
  return plainToolCalls(calls, { tools, fromWire, usedIds: callIdsOf(messages), cut, forbidden });
}

function optionsOf(entry: ModelEntry, request: ChatRequest, format: WireFormat | undefined): CompletionOptions {
  const max = request.maxOutputTokens ?? entry.facts.maxOutputTokens;
  return {
    ...(max !== undefined && { maxOutputTokens: max }),
    ...(format && { response_format: format }),
  };
}

/** In OpenAI's shape. Its validator wants `properties` on every object, and knows no dialects. */
function wireTool({ name, description, parameters }: ToolSpec, { toWire }: ToolNames) {
  const { $schema: _dialect, ...schema } = parameters;
  return {
    type: 'function' as const,
    function: {
      name: toWire(name),
      description: description.slice(0, MAX_DESCRIPTION_CHARS),
      parameters: { properties: {}, ...schema, type: 'object' },
    },
  };
}
