import { z } from 'zod';
import { invalidRequest } from './errors.js';

/** JSON Schema as it comes from a caller, not yet looked at. */
export type JsonSchema = Record<string, unknown>;

export interface ToolCall {
  id: string;
  name: string;
  /** JSON text, as OpenAI has it. */
  arguments: string;
}

/** One message of the conversation. Contents in parts are joined. */
export type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; toolCalls: ToolCall[] }
  | { role: 'tool'; content: string; toolCallId: string };

export interface Tool {
  name: string;
  description: string;
  parameters: JsonSchema;
}

/** What `POST /v1/chat/completions` asks for, checked and with its defaults. */
export interface ChatRequest {
  model: string;
  messages: Message[];
  stream: boolean;
  /** Send a last chunk with the usage, when streaming. */
  includeUsage: boolean;
  /** Undefined: the endpoint's own choice. */
  maxTokens: number | undefined;
  temperature: number | undefined;
  topP: number | undefined;
  seed: number | undefined;
  frequencyPenalty: number | undefined;
  presencePenalty: number | undefined;
  stop: string[];
  tools: Tool[];
  /** `{name}` asks for that one tool. */
  toolChoice: 'none' | 'auto' | 'required' | { name: string };
  responseFormat:
    { type: 'text' } | { type: 'json_object' } | { type: 'json_schema'; name: string; schema: JsonSchema };
}

const text = z
  .union([z.string(), z.array(z.looseObject({ type: z.literal('text'), text: z.string() })).min(1)], {
    error: 'must be a text or a list of text parts; this model reads no images, audio or files',
  })
  .transform((content) => (typeof content === 'string' ? content : content.map((part) => part.text).join('\n')));

const toolName = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');

const toolCall = z.looseObject({
  id: z.string().min(1),
  type: z.literal('function').default('function'),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }),
});

const message = z.discriminatedUnion(
  'role',
  [
    z.looseObject({ role: z.literal('system'), content: text }),
    z.looseObject({ role: z.literal('developer'), content: text }),
    z.looseObject({ role: z.literal('user'), content: text }),
    z.looseObject({ role: z.literal('assistant'), content: text.nullish(), tool_calls: z.array(toolCall).nullish() }),
    z.looseObject({ role: z.literal('tool'), content: text, tool_call_id: z.string() }),
  ],
  { error: 'must be system, developer, user, assistant or tool' },
);

const jsonObject = z.record(z.string(), z.unknown());

const tool = z.looseObject({
  type: z.literal('function', { error: 'must be "function"' }),
  function: z.looseObject({ name: toolName, description: z.string().nullish(), parameters: jsonObject.nullish() }),
});

const toolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
  ],
  { error: 'must be "none", "auto", "required" or {"type": "function", "function": {"name": …}}' },
);

const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.looseObject({ type: z.literal('text') }),
    z.looseObject({ type: z.literal('json_object') }),
    z.looseObject({
      type: z.literal('json_schema'),
      json_schema: z.looseObject({ name: toolName, schema: jsonObject }),
    }),
  ],
  { error: 'must be text, json_object or json_schema' },
);

const stop = z.union([z.string().min(1), z.array(z.string().min(1)).max(4)], {
  error: 'must be a text or a list of up to 4 texts, none of them empty',
});

const tokens = z.int().min(1);

/** Fields that this endpoint knows. Others are let through unread, as clients send many (`user`, `metadata`, …). */
const body = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1, 'must have at least one message'),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokens.nullish(),
  max_completion_tokens: tokens.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  n: z.literal(1, { error: 'must be 1: this model gives one answer at a time' }).nullish(),
  logprobs: z.literal(false, { error: 'is not offered by this model' }).nullish(),
  stop: stop.nullish(),
  tools: z.array(tool).max(32).nullish(),
  tool_choice: toolChoice.nullish(),
  response_format: responseFormat.nullish(),
});

/**
 * Checks the body of a chat completion request.
 * @throws ApiError 400 that names the first field at fault.
 */
export function parseChatRequest(value: unknown): ChatRequest {
  const parsed = body.safeParse(value);
  if (!parsed.success) throw fieldError(parsed.error);
  const { data } = parsed;
  const tools = (data.tools ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    description: description ?? '',
    parameters: parameters ?? { type: 'object', properties: {} },
  }));
  const messages = data.messages.map(toMessage);
  requireKnownToolCalls(messages);
  return {
    model: data.model,
    messages,
    stream: data.stream ?? false,
    includeUsage: data.stream_options?.include_usage ?? false,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? undefined,
    temperature: data.temperature ?? undefined,
    topP: data.top_p ?? undefined,
    seed: data.seed ?? undefined,
    frequencyPenalty: data.frequency_penalty ?? undefined,
    presencePenalty: data.presence_penalty ?? undefined,
    stop: data.stop == null ? [] : [data.stop].flat(),
    tools,
    toolChoice: chosenTool(data.tool_choice, tools),
    responseFormat: toResponseFormat(data.response_format),
  };
}

function toResponseFormat(format: z.output<typeof responseFormat> | null | undefined): ChatRequest['responseFormat'] {
  if (format?.type === 'json_schema') {
    return { type: 'json_schema', name: format.json_schema.name, schema: format.json_schema.schema };
  }
  return { type: format?.type ?? 'text' };
}

function toMessage(input: z.output<typeof message>): Message {
  switch (input.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: input.content };
    case 'user':
      return { role: 'user', content: input.content };
    case 'tool':
      return { role: 'tool', content: input.content, toolCallId: input.tool_call_id };
    case 'assistant':
      return {
        role: 'assistant',
        content: input.content ?? '',
        toolCalls: (input.tool_calls ?? []).map((call) => ({ id: call.id, ...call.function })),
      };
  }
}

/** OpenAI refuses results of calls that were never made; a caller with a broken transcript should learn of it here too. */
function requireKnownToolCalls(messages: readonly Message[]): void {
  const known = new Set<string>();
  for (const [index, one] of messages.entries()) {
    if (one.role === 'assistant') for (const call of one.toolCalls) known.add(call.id);
    if (one.role === 'tool' && !known.has(one.toolCallId)) {
      const message = `messages[${index}].tool_call_id: no earlier message has a tool call with this id`;
      throw invalidRequest(message, { param: `messages[${index}].tool_call_id` });
    }
  }
}

function chosenTool(
  choice: z.output<typeof toolChoice> | null | undefined,
  tools: readonly Tool[],
): ChatRequest['toolChoice'] {
  const names = new Set(tools.map(({ name }) => name));
  if (names.size < tools.length) throw invalidRequest('tools: two of them have the same name', { param: 'tools' });
  if (tools.length === 0) {
    if (choice == null || choice === 'none' || choice === 'auto') return 'none';
    throw invalidRequest('tool_choice: needs tools to choose from', { param: 'tool_choice' });
  }
  if (choice == null) return 'auto';
  if (typeof choice === 'string') return choice;
  if (!names.has(choice.function.name)) {
    throw invalidRequest('tool_choice: no tool has this name', { param: 'tool_choice' });
  }
  return { name: choice.function.name };
}

function fieldError(error: z.ZodError) {
  const issue = error.issues[0];
  const param = issue?.path.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : join(path, String(key))),
    '',
  );
  if (!issue || !param) return invalidRequest('The body must be a JSON object, as OpenAI describes it.');
  return invalidRequest(`${param}: ${issue.message}`, { param });
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
