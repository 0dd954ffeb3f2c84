import type { ContextView } from '../contract/views.js';
import type { Piece, Text } from '../contract/wire.js';
import { shareRoom } from '../crew/fit.js';
import { CHARS_A_TOKEN } from '../crew/limits.js';
import { contextOf } from '../crew/plan.js';
import { summaryPrompt } from '../crew/questions.js';
import { askModel } from './ask-model.js';
import type { Scope } from './journal.js';
import { clipped, lengthOf, toWire } from './messages.js';
import { modelFacts, type RunContext } from './run-context.js';

/** An output as a task's agent is given it. */
export interface GivenOutput {
  role: string;
  output: Piece;
}

/** Answers that a model is left room for where nothing says how long they get, in tokens, */
const ANSWER_TOKENS = 1_024;
/** and room for what is put around texts: names of roles, the provider's own marks. */
const MARGIN_TOKENS = 200;

/**
 * How many characters of other texts a prompt has room for, beside `chars` of its own; Infinity where the model's window
 * is not known. Of several models the smallest window counts, for any of them may be asked.
 */
export function roomFor(run: RunContext, llm: string | string[] | undefined, chars: number): number {
  const rooms = [llm].flat().map((name) => {
    const facts = modelFacts(run.input, name);
    if (facts?.contextWindow === undefined) return Infinity;
    const answer = Math.min(facts.maxOutputTokens ?? ANSWER_TOKENS, facts.contextWindow / 2);
    return Math.floor((facts.contextWindow - answer - MARGIN_TOKENS) * CHARS_A_TOKEN) - chars;
  });
  return Math.max(0, Math.min(...rooms));
}

/**
 * The outputs that a task reads, as far as they fit its model's window. What does not fit is cut down by the task's
 * `context_policy`, and the view says so:
 * - `full`: each output keeps its beginning, long ones lose most;
 * - `last`: the newest outputs stay whole, the oldest are left out;
 * - `summary`: a model shortens those that are too long.
 */
export async function gatherContext(
  run: RunContext,
  scope: Scope,
  taskId: string,
  ownChars: number,
): Promise<GivenOutput[]> {
  const { definition } = run.input;
  const outputs = outputsOf(run, taskId);
  const llm = definition.agents[run.state.task(taskId).agent]?.llm;
  const room = roomFor(run, llm, ownChars);
  const total = outputs.reduce((sum, { output }) => sum + lengthOf(output), 0);
  if (total <= room) return [...outputs, ...answersOf(run, taskId)];

  const policy = definition.tasks[taskId]?.context_policy ?? 'full';
  const sized = outputs.map(({ id, output }) => ({ id, chars: lengthOf(output) }));
  const shares = shareRoom(sized, room, policy);
  const notes: ContextView[] = [];
  const given: GivenOutput[] = [];
  for (const { id, role, output } of outputs) {
    const chars = lengthOf(output);
    const share = shares.find((one) => one.id === id)?.chars ?? 0;
    if (share >= chars) {
      given.push({ role, output });
      continue;
    }
    const piece = share === 0 ? undefined : await shortened(run, scope, taskId, { id, output, share, policy, llm });
    if (piece === undefined) {
      notes.push({ taskId: id, chars, givenChars: 0, how: 'left_out' });
      continue;
    }
    notes.push({
      taskId: id,
      chars,
      givenChars: Math.min(share, pieceLength(piece)),
      how: policy === 'summary' ? 'summarized' : 'clipped',
    });
    given.push({ role, output: piece });
  }
  run.state.task(taskId).context = notes;
  return [...given, ...answersOf(run, taskId)];
}

/** What people answered when they approved what a task reads. */
function answersOf(run: RunContext, taskId: string): GivenOutput[] {
  return contextOf(run.input.definition, taskId).flatMap((id) => {
    const { answer, role } = run.state.task(id);
    if (answer === undefined) return [];
    return [{ role: `person who approved the work of the ${role}`, output: JSON.stringify(answer) }];
  });
}

function pieceLength(piece: Piece): number {
  return typeof piece === 'string' ? piece.length : (piece.clip?.chars ?? piece.chars);
}

async function shortened(
  run: RunContext,
  scope: Scope,
  taskId: string,
  {
    id,
    output,
    share,
    policy,
    llm,
  }: { id: string; output: Text; share: number; policy: string; llm: string | string[] | undefined },
): Promise<Piece> {
  if (policy !== 'summary') return clipped(output, share);
  const { system, user } = summaryPrompt<Exclude<Piece, string>>(clipped(output, roomFor(run, llm, 400)), share);
  const messages = toWire([
    { role: 'system', content: [system] },
    { role: 'user', content: user },
  ]);
  const agent = run.state.task(taskId).agent;
  const place = `${taskId}/summary`;
  const asking = { caller: { taskId, agent }, place, role: run.state.roleOf(agent), llm, request: { messages } };
  const reply = await askModel(run, scope, `summary/${id}`, asking, { model: 0 });
  const summary = reply.textRef ?? reply.text.trim();
  return clipped(lengthOf(summary) === 0 ? output : summary, share);
}

/** The outputs of the tasks that a task reads, in their order. Those that gave none are not there. */
export function outputsOf(run: RunContext, taskId: string): { id: string; role: string; output: Text }[] {
  return contextOf(run.input.definition, taskId).flatMap((id) => {
    const { role, output, outputRef } = run.state.task(id);
    const text = output ?? outputRef;
    return text === undefined ? [] : [{ id, role, output: text }];
  });
}
