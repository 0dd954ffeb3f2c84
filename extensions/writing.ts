import { z } from 'zod';
import { defineGuardrail, defineSchema, defineTool } from 'agent-orchestration-service/authoring';

/** Words as people count them: what stands between blanks and has a letter or a digit in it. */
function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

/** An example of a tool: counting, which models are bad at. */
export const wordCount = defineTool({
  name: 'word_count',
  description: 'Counts the words, sentences and characters of a text. Use it to check a length that was asked for.',
  input: z.object({ text: z.string().describe('The text to count') }),
  timeoutMs: 5_000,
  idempotent: true,
  cache: true,
  run: ({ text }) => ({
    words: words(text).length,
    sentences: text.split(/[.!?]+(?:\s|$)/).filter((sentence) => words(sentence).length > 0).length,
    characters: text.length,
  }),
});

const PLACEHOLDER =
  /\[[^\]\n]{0,40}\b(?:name|date|company|insert|your)\b[^\]\n]{0,40}\]|\b(?:TODO|TBD|lorem ipsum)\b|\{\{?\w{1,40}\}?\}/i;

/** An example of a guardrail function: what a template left behind is no finished text. */
export const noPlaceholders = defineGuardrail({
  name: 'no_placeholders',
  check({ output }) {
    const found = PLACEHOLDER.exec(output)?.[0];
    if (found === undefined) return { ok: true };
    return { ok: false, feedback: `'${found}' is a placeholder: write what belongs there, or leave it out.` };
  },
});

/** An example of a schema that tasks may name: `output_schema: contact`. */
export const contact = defineSchema({
  name: 'contact',
  schema: z.object({
    name: z.string().describe('Name of the person or company'),
    email: z.email().optional().describe('E-mail address, where there is one'),
    phone: z.string().optional().describe('Telephone number, where there is one'),
  }),
});
