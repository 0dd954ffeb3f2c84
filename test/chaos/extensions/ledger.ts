import { defineTool } from 'agent-orchestration-service/authoring';
import { z } from 'zod';

/** The tools of the crews that run while things break: what they do is counted where nothing is killed. */
const COUNTER = process.env['CHAOS_COUNTER'] ?? '';

const input = z.object({ tag: z.string(), task: z.string() });

async function use(tool: string, body: object, idempotencyKey: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${COUNTER}/tools/${tool}`, {
    method: 'POST',
    headers: { 'idempotency-key': idempotencyKey },
    body: JSON.stringify(body),
    signal,
  });
  return ((await response.json()) as { found: string }).found;
}

/** May be called again after a failure. */
export const lookUp = defineTool({
  name: 'look_up',
  description: 'Looks something up',
  input,
  idempotent: true,
  run: (asked, { idempotencyKey, signal }) => use('look_up', asked, idempotencyKey, signal),
});

/** Must not be done twice. */
export const writeDown = defineTool({
  name: 'write_down',
  description: 'Writes something down',
  input,
  async run(asked, { idempotencyKey, signal }) {
    await use('write_down', asked, idempotencyKey, signal);
    return 'It is written down.';
  },
});
