import type { z } from 'zod';
import type { crewSchema } from './schema.js';
import type { taskApprovalSchema } from './schema-approval.js';

/** A crew definition as parsed and defaulted: exactly what a run runs and what its digest is taken of. */
export type CrewDefinition = z.infer<typeof crewSchema>;
export type AgentDefinition = CrewDefinition['agents'][string];
export type TaskDefinition = CrewDefinition['tasks'][string];

/** What an approval asks for, whatever it is about. */
export type ApprovalSpec = Exclude<z.infer<typeof taskApprovalSchema>, boolean>;
