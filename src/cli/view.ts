import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import type { Delta, Reset, Run, RunEvent, Usage } from '../client/index.js';
import type { Call } from './call.js';
import { clean, costOf, crewOf, duration, oneLine } from './text.js';

/** A run as it goes, on standard error: a line for what has happened, and on a terminal one for what happens now. */
export class LiveView {
  readonly #call: Call;
  readonly #spinner: Spinner | undefined;
  readonly #roles = new Map<string, string>();
  readonly #tasks = new Map<string, { status: string; since: number }>();
  #usage: Usage | undefined;
  #lastSeq = 0;
  #startedAt = Date.now();
  #held: string[] | undefined;
  #writing: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(call: Call, live: boolean) {
    this.#call = call;
    const { terminal } = call.deps;
    if (live && terminal.interactive && !call.json)
      this.#spinner = yoctoSpinner({ stream: terminal.output, handleSignals: false });
  }

  /** The run at the beginning. */
  snapshot(run: Run, header: boolean): void {
    const { errColours } = this.#call;
    if (header) this.line(`${errColours.bold(crewOf(run))}  ${errColours.dim(run.runId)}`);
    this.#startedAt = Date.parse(run.startedAt);
    this.#lastSeq = run.lastSeq;
    this.refresh(run);
    if (this.#spinner && run.endedAt === undefined) {
      this.#spinner.start();
      this.#timer = setInterval(() => this.#status(), 1_000);
    }
  }

  /** What the run took, and where its tasks stand. */
  refresh(run: Run): void {
    this.#usage = { ...run.usage };
    for (const task of run.tasks) {
      this.#roles.set(task.id, task.role);
      this.#tasks.set(task.id, { status: task.status, since: Date.parse(task.startedAt ?? run.startedAt) });
    }
    this.#status();
  }

  event(event: RunEvent): void {
    if (event.seq > this.#lastSeq) this.#count(event);
    const text = this.#words(event);
    if (text !== undefined) this.line(text);
    this.#status();
  }

  /** A piece of an answer while it is written. */
  live(item: Delta | Reset): void {
    if (this.#held) return;
    const { deps, errColours } = this.#call;
    if (item.type === 'reset') return this.line(errColours.yellow(`${item.call} is asked again`));
    if (this.#writing !== item.call) {
      this.#endText();
      deps.err(`${errColours.dim(`${this.#roles.get(item.taskId ?? '') ?? item.call} ›`)} `);
    }
    this.#writing = item.call;
    deps.err(clean(item.text));
  }

  line(text: string): void {
    if (this.#held) this.#held.push(text);
    else {
      this.#endText();
      this.#call.say(text);
    }
  }

  /** Holds back all lines, so that a question can be asked. */
  hold(): void {
    this.#held ??= [];
    this.#spinner?.stop();
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.line(line);
    if (this.#timer) this.#spinner?.start();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#endText();
    this.#spinner?.stop();
    if (this.#held) this.release();
  }

  #endText(): void {
    if (this.#writing !== undefined) this.#call.deps.err('\n');
    this.#writing = undefined;
  }

  #count(event: RunEvent): void {
    const at = Date.parse(event.time);
    const task = event.taskId === undefined ? undefined : this.#tasks.get(event.taskId);
    const status = /^task\.(started|completed|failed|skipped|cancelled)$/.exec(event.type)?.[1];
    if (task && status === 'started') Object.assign(task, { status: 'running', since: at });
    else if (task && status !== undefined) task.status = status;
    if (event.type !== 'model.called' || !this.#usage) return;
    this.#usage.calls++;
    this.#usage.inputTokens += event.data.usage.inputTokens;
    this.#usage.outputTokens += event.data.usage.outputTokens;
  }

  #status(): void {
    if (!this.#spinner || this.#held || !this.#usage) return;
    const tasks = [...this.#tasks];
    const done = tasks.filter(([, { status }]) => !['pending', 'running', 'waiting_human'].includes(status)).length;
    const running = tasks.filter(([, { status }]) => status === 'running').map(([id]) => this.#roles.get(id) ?? id);
    const doing = running.length > 0 ? `${running.join(', ')} at work · ` : '';
    const text = `${done}/${tasks.length} tasks · ${doing}${costOf(this.#usage)} · ${duration(Date.now() - this.#startedAt)}`;
    this.#spinner.text = oneLine(text, this.#call.deps.terminal.columns() - 4);
  }

  /** An event as a line; undefined: not worth one. */
  #words(event: RunEvent): string | undefined {
    const { green, red, yellow, cyan, dim } = this.#call.errColours;
    const who = this.#who(event);
    switch (event.type) {
      case 'task.started':
        return this.#spinner ? undefined : `${dim('▸')} ${who}`;
      case 'task.completed': {
        const since = this.#tasks.get(event.taskId ?? '')?.since;
        const kept = event.data.keptFrom;
        const took =
          kept !== undefined ? `kept from ${kept}` : since && duration(Math.max(0, Date.parse(event.time) - since));
        return `${green('✔')} ${who}  ${dim(took || '')}`;
      }
      case 'task.failed':
        return `${red('✖')} ${who}  ${clean(event.data.message)}`;
      case 'task.skipped':
      case 'task.cancelled':
        return `${dim('–')} ${who}  ${dim(event.type.slice(5))}`;
      case 'task.retried':
        return `${yellow('↻')} ${who}  again: ${event.data.reason}`;
      case 'task.delegated':
        return `${dim('→')} ${who}  asks ${event.data.to}`;
      case 'tool.called':
        return `${dim('·')} ${who}  ${event.data.tool} ${dim(duration(event.data.durationMs))}${event.data.isError ? red(' failed') : ''}`;
      case 'model.fell_back':
        return `${yellow('!')} ${who}  ${event.data.from} failed (${event.data.code}), goes on with ${event.data.to}`;
      case 'approval.requested':
        return `${cyan('?')} ${who}  asks a person: ${event.data.approvalId}`;
      case 'approval.decided':
      case 'approval.expired': {
        const { action, by } = event.data.decision;
        return `${cyan('✓')} ${who}  ${event.data.approvalId}: ${action} by ${clean(by)}`;
      }
      case 'approval.escalated':
        return `${yellow('!')} ${who}  ${event.data.approvalId} is escalated to ${event.data.notify.join(', ')}`;
      case 'approval.withdrawn':
        return `${dim('–')} ${who}  ${event.data.approvalId} is withdrawn`;
      case 'message.received':
        return `${cyan('✉')} a message of ${clean(event.data.by)} for ${event.data.to ?? 'every agent'}`;
      case 'budget.warned':
      case 'budget.exceeded':
        return `${yellow('!')} budget: ${event.data.used} of ${event.data.allowed} (${event.data.limit})`;
      default:
        return undefined;
    }
  }

  #who({ taskId, agent }: RunEvent): string {
    const { dim } = this.#call.errColours;
    const name = this.#roles.get(taskId ?? '') ?? agent ?? '';
    return taskId === undefined ? oneLine(name, 60) : `${oneLine(name, 40)} ${dim(taskId)}`;
  }
}
