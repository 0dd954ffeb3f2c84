import type { Connection } from '@temporalio/client';
import { KEYWORD_LISTS, SearchAttribute } from '../../contract/messages.js';

/** Temporal's numbers of the types. Source: temporal.api.enums.v1.IndexedValueType */
const KEYWORD = 2;
const KEYWORD_LIST = 7;

/**
 * Registers the search attributes that lists need. Safe to repeat. Temporal Cloud refuses it to API keys without the
 * admin role: there they are made once with `tcld` or in the web page (see temporal/README.md).
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SearchAttribute).filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map((name) => [name, KEYWORD_LISTS.includes(name) ? KEYWORD_LIST : KEYWORD]),
    ),
  });
}
