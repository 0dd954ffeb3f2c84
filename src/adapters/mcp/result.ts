import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/sdk/types.js';
import type { ToolOutcome } from '../../ports.js';

/** Longest text of one result, in UTF-16 code units. */
export const MAX_RESULT_CHARS = 1_000_000;

/**
 * What a tool of a server gave, as text: its texts and the texts of its resources, a note for anything else (bytes have
 * no place in a conversation), its structured content where there is no text.
 */
export function outcomeOf(result: CallToolResult): ToolOutcome {
  const { content, structuredContent, isError } = result;
  const structured = structuredContent && !content.some(hasText) ? [JSON.stringify(structuredContent)] : [];
  const text = [...structured, ...content.map(textOf)].join('\n');
  return { content: bounded(text), ...(isError === true && { isError }) };
}

function hasText(block: ContentBlock): boolean {
  return block.type === 'text' || (block.type === 'resource' && 'text' in block.resource);
}

function textOf(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}: ${block.mimeType}, ${bytesOf(block.data)} bytes, not shown]`;
    case 'resource_link':
      return `[resource: ${[block.uri, block.name, block.mimeType].filter((part) => part !== undefined).join(', ')}]`;
    case 'resource': {
      const { uri, mimeType = 'unknown type' } = block.resource;
      if ('text' in block.resource) return `[resource: ${uri}, ${mimeType}]\n${block.resource.text}`;
      return `[resource: ${uri}, ${mimeType}, ${bytesOf(block.resource.blob)} bytes, not shown]`;
    }
  }
}

/** Length of what a base64 text stands for. */
function bytesOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor((base64.length * 3) / 4) - padding;
}

function bounded(text: string): string {
  if (text.length <= MAX_RESULT_CHARS) return text;
  const kept = text.slice(0, MAX_RESULT_CHARS).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}\n[Cut after ${MAX_RESULT_CHARS} of ${text.length} characters.]`;
}
