import { createHash } from 'node:crypto';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { keyword } from '../../contract/waiting.js';

/** Search attributes of type Keyword; what is undefined is left out. */
export function keywords(values: Record<string, string | undefined>): TypedSearchAttributes {
  return new TypedSearchAttributes(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value }],
    ),
  );
}

/** Longest id of a caller that stands in a search attribute as it is. */
const MAX_CALLER_CHARS = 100;

/** A caller's id as a search attribute has it. */
export function callerWord(id: string): string {
  return keyword(id.length <= MAX_CALLER_CHARS ? id : createHash('sha256').update(id).digest('hex'));
}
