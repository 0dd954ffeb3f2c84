/** The delegation tools, under names that every provider takes. CrewAI's: "Delegate work to coworker", "Ask question to coworker". */
export const DELEGATE_WORK = 'delegate_work_to_coworker';
export const ASK_QUESTION = 'ask_question_to_coworker';

/** A coworker as delegation tools tell of it. */
interface Coworker {
  key: string;
  role: string;
  goal: string;
}

/** What an agent wants of a coworker. */
export interface Delegation {
  kind: 'work' | 'question';
  /** The coworker's key. */
  to: string;
  text: string;
  context: string;
}

/** Which delegation tool a name means, however the model wrote it: `Delegate work to co-worker`, `ask_question_to_coworker`. */
export function delegationKind(toolName: string): Delegation['kind'] | undefined {
  const name = plain(toolName);
  if (name.startsWith('delegatework')) return 'work';
  return name.startsWith('askquestion') || name.startsWith('askaquestion') ? 'question' : undefined;
}

/** The delegation tools as models are told of them. */
export function delegationTools(coworkers: readonly Coworker[]) {
  const known = coworkers.map(({ role, goal }) => `${role} (${goal})`).join('; ');
  const tool = (name: string, what: string, property: string, says: string) => ({
    name,
    description: `${what} Coworkers: ${known}`.slice(0, 4_000),
    parameters: {
      type: 'object',
      properties: {
        [property]: { type: 'string', description: says },
        context: {
          type: 'string',
          description: 'Everything the coworker needs to know: they know nothing of the task',
        },
        coworker: { type: 'string', enum: coworkers.map(({ role }) => role), description: 'The role of the coworker' },
      },
      required: [property, 'context', 'coworker'],
      additionalProperties: false,
    },
  });
  return [
    tool(DELEGATE_WORK, 'Hands a piece of work to a coworker and gives their result.', 'task', 'What they shall do'),
    tool(ASK_QUESTION, 'Asks a coworker a question and gives their answer.', 'question', 'What you want to know'),
  ];
}

/** Reads what a model made of a delegation tool's arguments: texts, or objects with a text in them. Or says what is missing. */
export function readDelegation(
  kind: Delegation['kind'],
  args: Readonly<Record<string, unknown>>,
  coworkers: readonly Coworker[],
): Delegation | { problem: string } {
  const roles = coworkers.map(({ role }) => role).join(', ');
  const wanted = textOf(firstOf(args, ['coworker', 'co_worker', 'agent', 'role', 'name', 'to']));
  if (wanted === '') return { problem: `Say which coworker: ${roles}.` };
  const to = findCoworker(wanted, coworkers);
  if (to === undefined) return { problem: `There is no coworker '${wanted.slice(0, 100)}'. Coworkers: ${roles}.` };
  const text = textOf(firstOf(args, kind === 'work' ? ['task', 'work', 'question'] : ['question', 'task']));
  if (text === '')
    return {
      problem: `Say ${kind === 'work' ? 'what they shall do, in task' : 'what you want to know, in question'}.`,
    };
  return { kind, to, text, context: textOf(args['context']) };
}

/** The key of the coworker that a name means: its role or key, without regard to case, spaces and punctuation. */
export function findCoworker(name: string, coworkers: readonly Coworker[]): string | undefined {
  const wanted = plain(name);
  if (wanted === '') return undefined;
  const exact = coworkers.find(({ key, role }) => plain(role) === wanted || plain(key) === wanted);
  if (exact) return exact.key;
  // `Senior Researcher (finds facts)`: what a model copied from the tool's description.
  const within = coworkers.filter(({ role }) => wanted.startsWith(plain(role)));
  return within.length === 1 ? within[0]?.key : undefined;
}

function firstOf(args: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  const name = names.find((one) => args[one] !== undefined && args[one] !== null && args[one] !== '');
  return name === undefined ? undefined : args[name];
}

/** A text; the text of an object that wraps one (`{description: …}`, a schema-like echo); else its JSON. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('\n');
  const inner = firstOf(value as Record<string, unknown>, [
    'description',
    'text',
    'value',
    'content',
    'task',
    'question',
    'role',
    'name',
  ]);
  return typeof inner === 'string' ? inner.trim() : JSON.stringify(value);
}

function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
