import { z } from 'zod';
import { decide, definedOnly } from '../api/decide.js';
import { decisionFields } from '../api/decision-fields.js';
import type { AppDeps } from '../api/env.js';
import { listIssues, problemOf } from '../api/errors.js';
import { namedWebhooks } from '../api/named-webhooks.js';
import { plainText } from '../api/schemas.js';
import { requireCrew, splitCrewRef, startRun } from '../api/start-run.js';
import { RUN_ID_PATTERN } from '../contract/ids.js';
import { issuesOf } from '../crew/issues.js';
import type { Caller, HandleEvent, IntakeOutcome, IntakeStart, IntakeTopic } from '../ports.js';
import { fromSource, readEvent, Unreadable, type ReadEvent } from './read-event.js';

/** What the intake needs of the gateway's parts. */
export type IntakeHandlerDeps = Pick<
  AppDeps,
  'runs' | 'threads' | 'crews' | 'models' | 'known' | 'store' | 'webhooks' | 'decisionSchemas' | 'logger'
>;

const decisionEvent = z.object({
  runId: z.string().regex(RUN_ID_PATTERN, 'Expected the id of a run'),
  approvalId: z.string().min(1, 'Expected the id of an approval'),
  ...decisionFields,
  by: plainText(200),
});

/** How often what fails in an unknown way is tried before it goes to the dead-letter topic. */
const ATTEMPTS_OF_UNKNOWN = 5;

/**
 * Does what events ask for, by the rules of the gateway: starts runs and decides approvals. The id of an event is its
 * idempotency key, so an event that comes twice does nothing the second time.
 */
export function eventHandler(deps: IntakeHandlerDeps, topics: Record<string, IntakeTopic>): HandleEvent {
  const unknown = new Map<string, number>();
  return async (received): Promise<IntakeOutcome> => {
    const { topic, partition, offset } = received;
    const place = `${topic}/${partition}/${offset}`;
    const rule = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
    try {
      if (!rule) throw new Unreadable('unknown_topic', `Nothing is configured for the topic '${topic}'`);
      const event = readEvent(received, rule.id);
      if ('decisions' in rule) await decideFrom(deps, rule.tenant, event);
      else await startFrom(deps, topic, rule, event);
      unknown.delete(place);
      return { done: true };
    } catch (error) {
      if (error instanceof Unreadable) return { done: false, code: error.code, reason: error.message };
      const problem = problemOf(error instanceof Error ? error : new Error(String(error)));
      // What is away comes back: the event waits for it, and those behind it too.
      if (problem.status === 503) throw error;
      if (problem.status === 500) {
        const times = (unknown.get(place) ?? 0) + 1;
        unknown.set(place, times);
        deps.logger.error({ err: error, topic, partition, offset }, 'event failed');
        if (times < ATTEMPTS_OF_UNKNOWN) throw error;
      }
      unknown.delete(place);
      const lines = (problem.extras.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
      return { done: false, code: problem.code, reason: [problem.message, ...lines].join('\n') };
    }
  };
}

async function startFrom(deps: IntakeHandlerDeps, topic: string, rule: IntakeStart, event: ReadEvent): Promise<void> {
  const { name, version } = splitCrewRef(rule.crew);
  const label = rule.label && fromSource(rule.label, event.data);
  await startRun(deps, {
    caller: callerOf(topic, rule.tenant),
    route: `kafka:${topic}`,
    crew: await requireCrew(deps.crews, rule.tenant, name, version),
    ...(version !== undefined && { version }),
    inputs: inputsOf(rule, event),
    inputsField: 'inputs',
    ...(label !== undefined && { label: (typeof label === 'string' ? label : JSON.stringify(label)).slice(0, 200) }),
    ...(await namedWebhooks(deps, rule.tenant, rule.webhooks)),
    idempotencyKey: event.id,
  });
}

/** Who calls where an event does: its topic, in the name of the tenant that the operator gave it. */
function callerOf(topic: string, tenant: string): Caller {
  return { kind: 'event', name: `kafka:${topic}`, tenant, scopes: ['run', 'approve'] };
}

function inputsOf({ inputs }: IntakeStart, { data }: ReadEvent): Record<string, unknown> {
  if (inputs) {
    const found = Object.entries(inputs).map(([name, source]) => [name, fromSource(source, data)] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined));
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new Unreadable('no_inputs', 'The data are not an object, and no inputs are mapped from it');
}

async function decideFrom(deps: IntakeHandlerDeps, tenant: string, { id, data }: ReadEvent): Promise<void> {
  const parsed = decisionEvent.safeParse(data);
  if (!parsed.success) {
    const lines = listIssues(issuesOf(parsed.error)).map(({ path, message }) => `${path}: ${message}`);
    throw new Unreadable('invalid_decision', lines.join('\n'));
  }
  const { runId, ...decision } = parsed.data;
  await decide(deps, tenant, runId, { ...definedOnly(decision), via: 'event' }, id);
}
