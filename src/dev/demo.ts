import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { Terminal } from '../../scripts/lib/terminal.mjs';
import { GatewayClient, isClosed, type Run, type RunLinks } from './gateway-client.js';
import { shortPath } from './paths.js';
import type { DevSettings } from './settings.js';
import { clean, describeCost, plural, RunProgress, showEnd } from './show-run.js';

const CREW = 'research-summary';
const POLL_MS = 500;

export interface DemoOptions {
  /** The gateway's base address. */
  api: string;
  /** What it knows its caller by, where it authenticates callers. */
  apiKey?: string;
  topic: string;
  settings: DevSettings;
  root: string;
  terminal: Terminal;
  signal: AbortSignal;
  /** The stack stays up afterwards: say how to go on. */
  staysUp: boolean;
}

/**
 * Runs the example crew through HTTP, as any client would, and shows it. Resolves with whether it completed.
 * @throws GatewayRefusal, or the signal's reason
 */
export async function runDemo({
  api,
  apiKey,
  topic,
  settings,
  root,
  terminal,
  signal,
  staysUp,
}: DemoOptions): Promise<boolean> {
  const client = new GatewayClient(api, apiKey);
  await waitUntilReady(client, terminal, signal);
  await mentionOpenRuns(client, terminal, signal);
  terminal.line();
  terminal.line(`${pc.bold(`Running the crew ${CREW}`)} on “${clean(topic)}”`);
  const { runId, links } = await client.start(CREW, { topic }, signal);
  const run = await follow(client, runId, terminal, signal);
  showEnd(terminal, run);
  const who = settings.model.kind === 'local' ? ', by the demo model (do not trust its facts)' : '';
  terminal.line(`  ${describeCost(run)}${who}`);
  terminal.line();
  showLinks(terminal, api, { ...links, ...run.links }, shortPath(root, settings.dataDir));
  if (staysUp) showHowToGoOn(terminal, api);
  return run.status === 'completed';
}

async function waitUntilReady(client: GatewayClient, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const step = terminal.step('Ready', 'waiting until a worker takes tasks');
  try {
    await client.ready(signal);
  } finally {
    step.clear();
  }
}

async function mentionOpenRuns(client: GatewayClient, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const running = await client.count('running', signal);
  const waiting = await client.count('waiting_human', signal);
  const more = running?.more || waiting?.more ? ' or more' : '';
  const open = (running?.runs ?? 0) + (waiting?.runs ?? 0);
  if (open === 0) return;
  const wait = waiting?.runs ? `, ${waiting.runs} of them waiting for a person` : '';
  terminal.line(`  ${plural(open, `earlier run`)}${more} still open${wait}: what can go on goes on now.`);
}

async function follow(client: GatewayClient, runId: string, terminal: Terminal, signal: AbortSignal): Promise<Run> {
  const progress = new RunProgress(terminal);
  for (;;) {
    const run = await client.get(runId, signal);
    if (run) progress.show(run);
    else progress.unreadable();
    if (run && isClosed(run)) return run;
    await sleep(POLL_MS, undefined, { signal });
  }
}

function showLinks(terminal: Terminal, api: string, links: RunLinks, dataDir: string): void {
  const rows: [string, string][] = [
    ...(links.temporalUi === undefined ? [] : [['This run in the Temporal UI', links.temporalUi] as [string, string]]),
    ['This run over HTTP', new URL(links.self, api).href],
    ['The API', `${api}/openapi.json`],
    ['Logs', `${dataDir}/logs`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) terminal.line(`  ${name.padEnd(width)}  ${pc.cyan(value)}`);
  terminal.line();
}

function showHowToGoOn(terminal: Terminal, api: string): void {
  const body = `{"workflow_id": "hello", "parameters": {"topic": "the history of tea"}}`;
  terminal.line('  Try it yourself:');
  terminal.line(pc.cyan(`  curl -s ${api}/agents/execute -H 'content-type: application/json' -d '${body}'`));
  terminal.line();
}
