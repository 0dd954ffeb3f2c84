import { isCancel, text } from '@clack/prompts';
import type { CrewSummary } from '../client/index.js';
import { pairsOf, type Call } from './call.js';
import { UsageError } from './command.js';
import { Interrupted } from './follow-run.js';

/** The options that give a run its inputs. */
export interface InputOptions {
  input?: string[];
  inputFile?: string;
}

/** The inputs that were given, texts turned into what the crew declares. */
export async function inputsOf(
  { deps }: Pick<Call, 'deps'>,
  { input = [], inputFile }: InputOptions,
  declared: CrewSummary['inputs'],
): Promise<Record<string, unknown>> {
  const file = inputFile === undefined ? {} : deps.parseYaml(await deps.readText(inputFile), inputFile);
  if (typeof file !== 'object' || file === null || Array.isArray(file))
    throw new UsageError(`${inputFile}: expected an object of inputs by name`);
  const typed = await pairsOf(input, deps, '--input');
  const values = Object.entries(typed).map(([name, value]) => [name, ofType(value, declared[name]?.type)]);
  return { ...file, ...(Object.fromEntries(values) as Record<string, unknown>) };
}

/** Asks for what the crew needs and was not given. */
export async function askMissing(
  { deps }: Pick<Call, 'deps'>,
  given: Record<string, unknown>,
  declared: CrewSummary['inputs'],
): Promise<void> {
  const { input, output } = deps.terminal;
  for (const [name, { required, default: preset, type, description }] of Object.entries(declared)) {
    if (!required || preset !== undefined || Object.hasOwn(given, name)) continue;
    const answer = await text({ input, output, message: description === undefined ? name : `${name}: ${description}` });
    if (isCancel(answer)) throw new Interrupted();
    given[name] = ofType(answer ?? '', type);
  }
}

/** What the service then refuses, where the text is none of this type. */
function ofType(value: string, type: string | undefined): unknown {
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if ((type === 'number' || type === 'integer') && value.trim() !== '' && !Number.isNaN(Number(value)))
    return Number(value);
  return value;
}
