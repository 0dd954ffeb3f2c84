import { isCancel, select, text } from '@clack/prompts';
import type { Command } from 'commander';
import type { Approval, ApprovalAction, Decision } from '../client/index.js';
import { durationMs } from '../crew/duration.js';
import { edited, editOf, valueOf } from './ask.js';
import { byOf, runIdOf, several, type Call, type Cli } from './call.js';
import { CliError, UsageError } from './command.js';
import { EXIT } from './exit.js';
import { Interrupted } from './follow-run.js';
import { clean, when } from './text.js';

interface Options {
  by?: string;
  feedback?: string;
  answer?: string;
  file?: string;
}

const WHAT: Record<ApprovalAction, string> = {
  approve: 'approve: it stands',
  reject: 'reject: the agent works again with your feedback',
  edit: "edit: your text stands instead of the agent's, or your arguments instead of the model's",
  skip: 'skip: the run goes on without it',
  abort: 'abort: the run ends',
};

/** `crew approve`, `reject`, `edit`, `skip`, `abort`, `link`. */
export function registerDecide(program: Command, cli: Cli): void {
  const commands = (Object.keys(WHAT) as ApprovalAction[]).map((action) => [action, decision(program, cli, action)]);
  const { approve, reject, edit } = Object.fromEntries(commands) as Record<ApprovalAction, Command>;
  approve
    .option('--answer <json>', 'your answer, where the approval asks for one; a text or JSON')
    .addHelpText('after', '\nExamples:\n  $ crew approve last\n  $ crew approve last draft.output.1 --by ada');
  reject
    .option('-m, --feedback <text>', 'what the agent shall do differently; @- for standard input')
    .addHelpText('after', '\nExamples:\n  $ crew reject last -m "Shorter, and name the source."');
  edit
    .option('-f, --file <file>', 'the text; - for standard input. Absent: opens $VISUAL or $EDITOR')
    .addHelpText('after', '\nExamples:\n  $ crew edit last\n  $ crew edit last draft.output.1 --file mine.md');
  program
    .command('link')
    .summary('make a one-time link to decide an approval with')
    .description('Makes a one-time link, with which somebody with no account can decide an approval.')
    .argument('<run>', 'the run')
    .argument('[approval]', 'the approval; absent: the one that is open')
    .requiredOption('--for <who>', 'who is given the link: the decision is theirs')
    .option('--action <action>', 'what they may do; absent: anything', several)
    .option('--expires <time>', 'how long it is good for, such as 4h or 2d; absent: 3d')
    .addHelpText('after', '\nExamples:\n  $ crew link last --for carla@example.com --action approve --action reject')
    .action(
      cli.action<{ for: string; action?: string[]; expires?: string }>(async (call, run = '', id) => {
        const { for: by, action, expires } = call.options;
        const runId = await runIdOf(call, run);
        const approval = await approvalOf(call, runId, id);
        const seconds = expires === undefined ? undefined : Math.round(durationMs(expires) / 1_000);
        if (Number.isNaN(seconds)) throw new UsageError(`--expires ${expires}: expected a time such as 4h or 2d`);
        const link = await call.client.approvals.link(runId, approval.id, {
          by,
          ...(action && { actions: action as ApprovalAction[] }),
          ...(seconds !== undefined && { expiresInSeconds: seconds }),
        });
        call.print(link, () => link.url);
        if (!call.json) call.say(`Good until ${when(link.expiresAt)}, for one decision`);
      }),
    );
}

function decision(program: Command, cli: Cli, action: ApprovalAction): Command {
  return program
    .command(action)
    .summary(`decide an approval: ${action}`)
    .description(`Decides an approval of a run. ${WHAT[action]}.`)
    .argument('<run>', 'the run')
    .argument('[approval]', 'the approval; absent: the one that is open')
    .option('--by <name>', `who decides; absent: ${cli.deps.user ?? 'whose key it is'}`)
    .action(
      cli.action<Options>(async (call, run = '', id) => {
        const runId = await runIdOf(call, run);
        const approval = await approvalOf(call, runId, id);
        const more = await carried(call, approval, action);
        const decided = await call.client.approvals.decide(runId, approval.id, {
          action,
          ...byOf(call, call.options.by),
          ...more,
        });
        call.print(decided, () => `${approval.id}: ${action} by ${clean(decided.decision?.by ?? '')}`);
      }),
    );
}

/** The approval that was named, or the only one that is open. */
async function approvalOf(call: Pick<Call, 'client' | 'deps' | 'json'>, runId: string, id?: string): Promise<Approval> {
  const { approvals } = await call.client.runs.get(runId);
  const open = approvals.filter(({ status }) => status === 'open');
  if (id !== undefined) {
    const named = approvals.find((one) => one.id === id);
    if (named) return named;
    throw new CliError(`The run has no approval '${id}'${listed(open)}`, EXIT.notFound);
  }
  const [only, ...more] = open;
  if (!only) throw new CliError('The run has no open approval', EXIT.refused);
  if (more.length === 0) return only;
  if (!call.deps.terminal.interactive || call.json)
    throw new UsageError(`Several approvals are open, say which${listed(open)}`);
  const { input, output } = call.deps.terminal;
  const options = open.map((one) => ({ value: one.id, label: one.id }));
  const chosen = await select({ input, output, message: 'Which one?', options });
  if (isCancel(chosen)) throw new Interrupted();
  return open.find((one) => one.id === chosen) ?? only;
}

async function carried(
  call: Pick<Call<Options>, 'deps' | 'options' | 'json'>,
  approval: Approval,
  action: ApprovalAction,
): Promise<Omit<Decision, 'action' | 'by'>> {
  const { deps, options } = call;
  if (action === 'reject') {
    const { feedback } = options;
    if (feedback === undefined) return { feedback: await askFeedback(call) };
    return { feedback: feedback.startsWith('@') ? (await deps.readText(feedback.slice(1))).trim() : feedback };
  }
  if (action === 'approve' && options.answer !== undefined)
    return { answer: valueOf(options.answer, approval.answerSchema) };
  if (action !== 'edit') return {};
  if (options.file !== undefined) return editOf(approval, await deps.readText(options.file), deps);
  if (!deps.terminal.interactive) throw new UsageError('Give the text with --file, or --file - for standard input');
  return edited({ deps }, approval);
}

async function askFeedback({ deps, json }: Pick<Call, 'deps' | 'json'>): Promise<string> {
  const { interactive, input, output } = deps.terminal;
  if (!interactive || json) throw new UsageError('Say with --feedback what the agent shall do differently');
  const given = await text({ input, output, message: 'What shall the agent do differently?' });
  if (isCancel(given)) throw new Interrupted();
  return given;
}

function listed(open: readonly Approval[]): string {
  return open.length === 0 ? '' : `: ${open.map(({ id }) => id).join(', ')}`;
}
