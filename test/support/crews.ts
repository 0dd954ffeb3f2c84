import { randomUUID } from 'node:crypto';
import { stringify } from 'yaml';
import { parseCrewFile } from '../../src/adapters/crew-files.js';
import type { Crew, CrewCatalog, CrewFiles } from '../../src/ports.js';
import { createCatalog } from '../../src/adapters/catalog.js';
import { memoryStore } from './memory-store.js';

/** A definition that is valid as it is, for tests to change. */
export function crewDocument() {
  return {
    schemaVersion: 1,
    name: 'pair',
    inputs: { topic: {} },
    agents: {
      finder: { role: 'Finder', goal: 'Find facts on {topic}', backstory: 'You know things.' },
      writer: { role: 'Writer', goal: 'Write', backstory: 'You write.' },
    },
    tasks: {
      find: { description: 'FIND {topic}', expected_output: 'Facts', agent: 'finder' },
      write: { description: 'WRITE', expected_output: 'A text', agent: 'writer', context: ['find'] },
    } as Record<string, Record<string, unknown>>,
  };
}

/** The document as a crew, through the same loader that reads files. */
export function crewOf(document: object): Crew {
  return parseCrewFile('test.yaml', Buffer.from(stringify(document)));
}

/** A catalog of these crews. */
export function catalogOf(...crews: Crew[]): CrewCatalog {
  return createCatalog(filesOf(...crews), memoryStore());
}

/** These crews as if they were files. */
export function filesOf(...crews: Crew[]): CrewFiles {
  return { list: () => crews, find: (name) => crews.find(({ ref }) => ref.name === name) };
}

/** A name that no other test uses. */
export function uniqueName(title: string): string {
  return `${title}-${randomUUID()}`;
}
