import type { ChatModel } from '../ports.js';
import { createModelActivities } from './model.js';

/** What the activities need of the outside. */
export interface ActivityDeps {
  chatModel: ChatModel;
}

/** The activities of a worker: the use cases, which see the outside only through ports. */
export function createActivities(deps: ActivityDeps) {
  return { ...createModelActivities(deps) };
}

/** The activities as the workflow sees them. */
export type Activities = ReturnType<typeof createActivities>;
