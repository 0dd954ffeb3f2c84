import type { z } from 'zod';
import type { crewSchema } from './schema.js';

export type { ApprovalSpec } from './schema-approval.js';

/** A crew definition as parsed and defaulted: exactly what a run runs and what its digest is taken of. */
export type CrewDefinition = z.infer<typeof crewSchema>;
export type AgentDefinition = CrewDefinition['agents'][string];
export type TaskDefinition = CrewDefinition['tasks'][string];
