import { clip, issuesIn, suggestion, type Issue } from './issues.js';
import type { CrewDefinition } from './types.js';

/** Who works on what: agents of tasks, the manager of a hierarchical crew, and whom agents hand work to. */
export function processIssues(definition: CrewDefinition): Issue[] {
  return [...managerIssues(definition), ...taskAgentIssues(definition), ...coworkerIssues(definition)];
}

const MANAGER_KEYS = ['manager_llm', 'manager_agent', 'max_reviews'] as const;

function managerIssues(definition: CrewDefinition): Issue[] {
  const { process, agents, manager_agent: manager } = definition;
  if (process !== 'hierarchical') {
    return MANAGER_KEYS.filter((key) => definition[key] !== undefined).map((key) => ({
      path: [key],
      message: `Only a hierarchical crew has a manager, and this one is ${process}: set process: hierarchical, or remove '${key}'`,
    }));
  }
  const issues = manager === undefined ? [] : agentIssues(definition, manager, ['manager_agent']);
  if (Object.keys(agents).every((key) => key === manager)) {
    issues.push({
      path: ['agents'],
      message: 'Expected at least one agent beside the manager: a manager hands out the work and does none itself',
    });
  }
  return issues;
}

function taskAgentIssues(definition: CrewDefinition): Issue[] {
  const { process, tasks, manager_agent: manager } = definition;
  return issuesIn(Object.entries(tasks), ([key, { agent }]): Issue[] => {
    const path = ['tasks', key, 'agent'];
    if (agent === undefined) {
      return process === 'hierarchical' ? [] : [{ path, message: missingAgent(definition) }];
    }
    if (process === 'hierarchical' && agent === manager) {
      const message = `'${clip(agent)}' manages this crew and works on no task: name another agent, or none for the manager to choose`;
      return [{ path, message }];
    }
    return agentIssues(definition, agent, path);
  });
}

function missingAgent({ agents }: CrewDefinition): string {
  const keys = Object.keys(agents);
  return keys.length === 1
    ? `Required: expected the key of an agent. This crew has one: write agent: ${keys[0]}`
    : `Required: expected the key of an agent (${keys.slice(0, 30).join(', ')}). Only in a hierarchical crew may it be left out`;
}

function coworkerIssues(definition: CrewDefinition): Issue[] {
  const { process, agents, manager_agent: manager } = definition;
  return issuesIn(Object.entries(agents), ([key, { allowed_agents: allowed = [] }]) =>
    issuesIn(allowed, (other, at): Issue[] => {
      const path = ['agents', key, 'allowed_agents', at];
      if (other === key) return [{ path, message: 'An agent cannot hand work to itself' }];
      if (process === 'hierarchical' && other === manager) {
        return [{ path, message: `'${clip(other)}' manages this crew and takes no work from its agents` }];
      }
      return agentIssues(definition, other, path);
    }),
  );
}

function agentIssues({ agents }: CrewDefinition, agent: string, path: Issue['path']): Issue[] {
  if (Object.hasOwn(agents, agent)) return [];
  return [{ path, message: `No agent has the key '${clip(agent)}'.${suggestion(agent, Object.keys(agents))}` }];
}
