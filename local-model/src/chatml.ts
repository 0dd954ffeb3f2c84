import type { ChatRequest, Message, Tool } from './request.js';

/** A piece of a prompt. Only our own markers are `special`; a caller's text can never become one. */
export interface PromptPart {
  text: string;
  special: boolean;
}

/** What the model was trained to see when there is no system message. */
const DEFAULT_SYSTEM = 'You are a helpful AI assistant named SmolLM, trained by Hugging Face';

/**
 * The conversation in ChatML, the format that the model was trained on, ready for the assistant's next turn.
 * @param note - an instruction added to the system message.
 * @param begin - how the assistant's turn begins; the model goes on from there.
 */
export function chatPrompt(messages: readonly Message[], note = '', begin = ''): PromptPart[] {
  const first = messages[0];
  const system = first?.role === 'system' ? first.content : DEFAULT_SYSTEM;
  const rest = first?.role === 'system' ? messages.slice(1) : messages;
  return [
    ...turn('system', note === '' ? system : `${system}\n\n${note}`),
    ...rest.flatMap((message) => asTurn(message, messages)),
    { text: '<|im_start|>assistant\n', special: true },
    { text: begin, special: false },
  ];
}

function turn(role: string, content: string): PromptPart[] {
  return [
    { text: `<|im_start|>${role}\n`, special: true },
    { text: content, special: false },
    { text: '<|im_end|>\n', special: true },
  ];
}

function asTurn(message: Message, all: readonly Message[]): PromptPart[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return turn(message.role, message.content);
    case 'assistant':
      // A call is told with its result: shown as the assistant's own words, it is what the model says next.
      return message.content === '' ? [] : turn('assistant', message.content);
    case 'tool':
      // The model was trained on no role for tools; a user's turn is the nearest that it knows.
      return turn('user', `${callName(message.toolCallId, all)} says: ${message.content}\nUse this to answer.`);
  }
}

function callName(id: string, messages: readonly Message[]): string {
  for (const message of messages) {
    const call = message.role === 'assistant' ? message.toolCalls.find((one) => one.id === id) : undefined;
    if (call) return call.name;
  }
  return 'The tool';
}

/** Beginning of the turn in which the model picks a tool; it goes on with a name and a quotation mark. */
export const TOOL_CHOICE_BEGIN = '{"tool": "';

/** Beginning of the turn in which the model fills in the arguments of a tool. */
export function toolCallBegin(name: string): string {
  return `${TOOL_CHOICE_BEGIN}${name}", "arguments": `;
}

/** Tells the model which tools there are and how a call looks. */
export function toolsNote(tools: readonly Tool[]): string {
  const lines = tools.map(({ name, description, parameters }) => {
    const fields = fieldNames(parameters);
    return `- ${name}${fields ? `(${fields})` : ''}${description ? `: ${description}` : ''}`;
  });
  return `Tools:\n${lines.join('\n')}\nCall a tool with {"tool": name, "arguments": {…}}.`;
}

/** Tells the model which fields are wanted; the grammar alone would leave it guessing what they mean. */
export function jsonNote(format: ChatRequest['responseFormat']): string {
  if (format.type === 'text') return '';
  if (format.type === 'json_object') return 'Answer with one JSON object.';
  const fields = fieldNames(format.schema);
  return `Answer with one JSON object "${format.name}"${fields ? ` with ${fields}` : ''}.`;
}

function fieldNames(schema: Record<string, unknown>): string {
  const properties = schema['properties'];
  if (typeof properties !== 'object' || properties === null) return '';
  return Object.entries(properties)
    .map(([name, property]: [string, unknown]) => {
      const description: unknown =
        typeof property === 'object' && property !== null && 'description' in property
          ? property.description
          : undefined;
      return typeof description === 'string' ? `${name} (${description})` : name;
    })
    .join(', ');
}
