import { importCrewAi, type Imported, type ImportOptions } from '../../crew/import.js';
import { findCrews } from './find.js';
import { readCrew } from './read.js';

export { CrewAiReadError } from './read.js';

/** A crew of a project, imported. `folder` names it where there are several. */
export interface ImportedCrew extends Imported {
  folder: string;
}

/** Imports all crews of a CrewAI project. Empty where there is none. @throws CrewAiReadError */
export function importProject(root: string, options: ImportOptions = {}, name?: string): ImportedCrew[] {
  const found = findCrews(root);
  return found.map((files) => {
    const { parts, notes } = readCrew(files);
    const imported = importCrewAi({ ...parts, ...(name !== undefined && found.length === 1 && { name }) }, options);
    if (name !== undefined && found.length === 1) imported.document['name'] = name;
    imported.report.warnings.unshift(...notes);
    return { folder: files.name, ...imported };
  });
}
