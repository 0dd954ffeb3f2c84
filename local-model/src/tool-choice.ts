import type { ChatRequest, Message, Tool } from './request.js';

/**
 * The tools that may be called now; none means an answer in text.
 *
 * With `auto`, this model cannot tell by itself whether a tool is needed (it was right in 5 to 7 of 14 cases, worse
 * than chance). So a tool is offered when the last user message shares a word with its name or description, and was
 * not called since: a call that changed nothing would be made for ever.
 */
export function callableTools({ tools, toolChoice, messages }: ChatRequest): readonly Tool[] {
  if (toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') return tools.filter(({ name }) => name === toolChoice.name);
  if (toolChoice === 'required') return tools;
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  const asked = words(messages[lastUser]?.content ?? '');
  const called = new Set(messages.slice(lastUser + 1).flatMap(calledNames));
  return tools.filter(({ name, description }) => {
    const about = words(`${name} ${description}`);
    return !called.has(name) && [...about].some((word) => asked.has(word));
  });
}

function calledNames(message: Message): string[] {
  return message.role === 'assistant' ? message.toolCalls.map(({ name }) => name) : [];
}

/** Words that say nothing about what a tool is for. */
const COMMON = new Set(
  'a an and are as at be by can do does for from get has have how if in is it its me my no not of on one or some tell that the their them this to tool use uses using was what when where which who will with you your'.split(
    ' ',
  ),
);

/** Longer words count by their beginning: `calculate` and `calculator` are about the same thing. */
const STEM_CHARS = 6;

/** The telling words of a text, in lower case and without their endings. `get_weather` and `getWeather` are two words. */
function words(text: string): Set<string> {
  const parts =
    text
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = parts.filter((word) => !COMMON.has(word));
  return new Set(telling.map((word) => word.replace(/(?<=\p{L}{3})s$/u, '').slice(0, STEM_CHARS)));
}
