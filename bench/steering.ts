import { writeFileSync } from 'node:fs';
import { DEFAULT_TENANT } from '../src/contract/ids.js';
import { eventually, inCrewWorld, openApproval } from '../test/support/crew-world.js';
import { crewWith } from '../test/support/engine.js';
import { stopTestStore } from '../test/support/store.js';
import { gatewayOf, served } from '../test/support/streams.js';
import { stopTestServer } from '../test/support/temporal.js';

/**
 * `npm run bench:steering`: from `POST …/cancel` to the abort of the call in flight at the provider and to the run's end, and what
 * readers of streams cost the gateway. Writes `bench/steering.md`. All in one process on one machine.
 */
const RUNS = 60;
const READERS = [100, 500];

const aborted: number[] = [];
const ended: number[] = [];
const memory: { readers: number; bytes: number }[] = [];

await inCrewWorld({ answers: [{ when: 'DO-a', hang: true, repeat: true }] }, async (world) => {
  const { post, get } = gatewayOf(world);
  for (let at = 1; at <= RUNS; at++) {
    const runId = await world.start(crewWith({ a: {}, b: {} }), {});
    await eventually('the call', () => Promise.resolve(world.model.calls().length === at));
    const asked = performance.now();
    await post(`/v1/runs/${runId}/cancel`, {});
    await eventually('the abort', () => Promise.resolve(world.model.calls()[at - 1]?.outcome === 'aborted'));
    aborted.push(performance.now() - asked);
    await get(`/v1/runs/${runId}/result?wait=20`);
    ended.push(performance.now() - asked);
  }
});

await inCrewWorld({ answers: [{ when: 'DO-a', text: 'A', repeat: true }] }, async (world) => {
  const gateway = await served(gatewayOf(world).app);
  for (const readers of READERS) {
    const runId = await world.start(crewWith({ a: { approval: true } }), {});
    await openApproval(world, runId);
    const before = used();
    const leave = new AbortController();
    const streams = Array.from({ length: readers }, async () => {
      const { body } = await fetch(`${gateway.url}/v1/runs/${runId}/events`, { signal: leave.signal });
      const reader = body?.getReader();
      await reader?.read();
      return reader;
    });
    const open = await Promise.all(streams);
    memory.push({ readers: open.length, bytes: used() - before });
    leave.abort();
    await world.runs.cancel(DEFAULT_TENANT, runId, 'measured');
    await world
      .handle(runId)
      .result()
      .catch(() => undefined);
  }
  await gateway.close();
});

/** Memory in use, garbage collected. */
function used(): number {
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

function quantiles(values: number[]): string {
  const sorted = values.sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  return `${at(0.5)} ms | ${at(0.95)} ms | ${at(1)} ms`;
}

const text = `# Steering and watching

\`npm run bench:steering\`: ${RUNS} runs that are cancelled one after the other while a model call is in flight, and readers of one waiting
run, on the Temporal dev server, all in one process, on a machine that others use too.

| | p50 | p95 | longest |
| --- | --- | --- | --- |
| \`POST …/cancel\` → the provider sees the call aborted | ${quantiles(aborted)} |
| \`POST …/cancel\` → the run has ended | ${quantiles(ended)} |

| readers of one run | memory, client and server side in this process | a reader |
| --- | --- | --- |
${memory.map(({ readers, bytes }) => `| ${readers} | ${Math.round(bytes / 1024)} KB | ${Math.round(bytes / 1024 / readers)} KB |`).join('\n')}
`;
writeFileSync(new URL('./steering.md', import.meta.url), text);
console.log(text);
await Promise.all([stopTestServer(), stopTestStore()]);
process.exit(0);
