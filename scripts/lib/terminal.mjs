import { stdout } from 'node:process';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Shorter waits are not worth a number. */
const SHOW_SECONDS_AFTER_MS = 2_000;
/** Without a terminal to redraw, a waiting step says so again this often. */
const REPEAT_MS = 5_000;
/** And a step of minutes this often, so that logs stay readable. */
const LATER_REPEAT_MS = 20_000;
const LATER_MS = 30_000;
const plain = (text) => text;
const PLAIN = { green: plain, red: plain, cyan: plain, dim: plain };

/**
 * Output for people: lines that stay, and below them one live line that tells what is going on.
 * On a terminal the live line spins and counts seconds; elsewhere (a pipe, CI) every step that takes longer than two
 * seconds prints a plain line every few seconds instead.
 *
 * No dependencies: it also runs before anything is installed.
 */
export function createTerminal({ stream = stdout, env = process.env, colors = PLAIN, now = Date.now } = {}) {
  const live = Boolean(stream.isTTY) && env.TERM !== 'dumb' && !env.CI;
  const steps = new Set();
  let frame = 0;
  let timer;
  let drawn = false;
  let sayAt = 0;

  const describe = (some) =>
    some.map((step) => `${step.label.trim()}: ${step.text}${seconds(now() - step.since)}`).join(' · ');

  const erase = () => {
    if (drawn) stream.write('\r\x1b[2K');
    drawn = false;
  };

  const draw = () => {
    erase();
    if (!live || steps.size === 0) return;
    const text = fit(describe([...steps]), widthOf(stream) - 3);
    stream.write(`${colors.cyan(FRAMES[frame % FRAMES.length])} ${text}`);
    drawn = true;
  };

  const tick = () => {
    frame += 1;
    if (live) return draw();
    const slow = [...steps].filter((step) => now() - step.since >= SHOW_SECONDS_AFTER_MS);
    if (slow.length === 0 || now() < sayAt) return;
    const longest = Math.max(...slow.map((step) => now() - step.since));
    sayAt = now() + (longest < LATER_MS ? REPEAT_MS : LATER_REPEAT_MS);
    stream.write(`… ${describe(slow)}\n`);
  };

  const watch = () => {
    if (steps.size > 0 && timer === undefined) {
      timer = setInterval(tick, live ? FRAME_MS : 500);
      timer.unref();
    } else if (steps.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  const line = (text = '') => {
    erase();
    stream.write(`${text}\n`);
    draw();
  };

  /**
   * A piece of work that takes a while. `label` is the fixed name, `text` what it does now. End it with `done` (a line with a tick),
   * `fail` (a line with a cross) or `clear` (no line).
   */
  const step = (label, text) => {
    const entry = { label, text, since: now() };
    steps.add(entry);
    watch();
    draw();
    const end = (mark, result) => {
      if (!steps.delete(entry)) return;
      watch();
      if (mark === undefined) draw();
      else line(`${mark} ${label} ${result}`);
    };
    return {
      update(next) {
        entry.text = next;
        if (live) draw();
      },
      done: (result) => end(colors.green('✔'), result),
      fail: (result) => end(colors.red('✖'), result),
      clear: () => end(undefined, ''),
      /** Milliseconds since the step began. */
      elapsed: () => now() - entry.since,
    };
  };

  /** Takes the live line away and stops redrawing; steps that are open print nothing more. */
  const close = () => {
    steps.clear();
    watch();
    erase();
  };

  return { line, step, close, live, width: () => widthOf(stream) };
}

/** `1.4 s`, `38 s`, `2 min 5 s`: how long something took. */
export function formatDuration(ms) {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const total = Math.round(ms / 1_000);
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}

/** `98 MB`: sizes as download pages state them (10^6 bytes). */
export function formatMegabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

function seconds(ms) {
  return ms < SHOW_SECONDS_AFTER_MS ? '' : ` (${formatDuration(Math.floor(ms / 1_000) * 1_000).replace('.0', '')})`;
}

function widthOf(stream) {
  return Math.max(40, stream.columns ?? 80);
}

function fit(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
