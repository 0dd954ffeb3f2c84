import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';

/** Search attributes of type Keyword; what is undefined is left out. */
export function keywords(values: Record<string, string | undefined>): TypedSearchAttributes {
  return new TypedSearchAttributes(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value }],
    ),
  );
}
