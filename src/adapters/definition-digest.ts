import { createHash } from 'node:crypto';
import type { CrewDefinition } from '../crew/types.js';

/** SHA-256 (hex) of a parsed, defaulted definition: what a run runs, whatever the text it came from looked like. */
export function digestOf(definition: CrewDefinition): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex');
}
