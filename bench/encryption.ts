import { writeFileSync } from 'node:fs';
import { createStoreCipher } from '../src/adapters/encryption/store-cipher.js';
import { createPayloadCodec } from '../src/adapters/encryption/payload-codec.js';
import { openStore } from '../src/adapters/store/index.js';
import { sayer } from '../test/support/coordination.js';
import { inCrewWorld, type CrewWorld } from '../test/support/crew-world.js';
import { crewOf } from '../test/support/crews.js';
import { changingConverter, ringOf } from '../test/support/encryption.js';
import { stopTestStore, testStore } from '../test/support/store.js';
import { stopTestServer } from '../test/support/temporal.js';

/**
 * `npm run bench:encryption -- [RUNS]`: what encryption at rest costs a run of two model calls with no latency, one after the
 * other, and a payload. Plain and encrypted runs take turns, so that a busy machine slows both. Writes `bench/encryption.md`.
 */
const RUNS = Number(process.argv[2] ?? 40);

const keys = ringOf('k1');
const { databaseUrl } = await testStore();
const sealed = { dataConverter: changingConverter(() => keys).dataConverter, cipher: createStoreCipher(keys) };
const crew = crewOf({
  schemaVersion: 1,
  name: 'pair',
  inputs: { topic: {} },
  agents: { one: { role: 'Writer', goal: 'Write of {topic}', backstory: 'You write.' } },
  tasks: {
    first: { description: 'SAY {topic}', expected_output: 'Words', agent: 'one' },
    second: { description: 'SAY again', expected_output: 'Words', agent: 'one', context: ['first'] },
  },
});
const script = { answers: [{ text: `${sayer.ref.name} `.repeat(80), repeat: true }] };

const plain: Sample[] = [];
const encrypted: Sample[] = [];
await inCrewWorld(script, async (one) => {
  const store = openStore({ databaseUrl, cipher: sealed.cipher });
  const also = { store, dataConverter: sealed.dataConverter };
  await inCrewWorld(
    script,
    async (other) => {
      for (let at = 0; at < RUNS + 5; at++) {
        const pair = [await sample(one), await sample(other)] as const;
        if (at < 5) continue;
        plain.push(pair[0]);
        encrypted.push(pair[1]);
      }
    },
    also,
  );
  await store.close();
});

interface Sample {
  ms: number;
  bytes: number;
}

async function sample(world: CrewWorld): Promise<Sample> {
  const started = performance.now();
  const runId = await world.start(crew, { topic: 'tea' });
  await world.handle(runId).result();
  const ms = performance.now() - started;
  const { historySize = 0 } = await world.handle(runId).describe();
  return { ms, bytes: historySize };
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const ofRuns = (samples: Sample[]) => ({
  ms: median(samples.map(({ ms }) => ms)),
  bytes: median(samples.map(({ bytes }) => bytes)),
});
const [off, on] = [ofRuns(plain), ofRuns(encrypted)];

/** Microseconds to encrypt and decrypt a payload of so many bytes, and the bytes that it grows by. */
async function ofPayload(size: number): Promise<{ micros: number; more: number }> {
  const codec = createPayloadCodec(keys, () => undefined);
  const context = { type: 'workflow', namespace: 'default', workflowId: 'crew/default/1' } as const;
  const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.alloc(size, 'x') };
  const sizeOf = (one: typeof payload | undefined) =>
    (one?.data.length ?? 0) + Object.entries(one?.metadata ?? {}).join('').length;
  const rounds = size > 100_000 ? 200 : 2_000;
  let more = 0;
  const started = performance.now();
  for (let at = 0; at < rounds; at++) {
    const [one] = await codec.encode([payload], context);
    more = sizeOf(one as typeof payload) - sizeOf(payload);
    await codec.decode(one ? [one] : [], context);
  }
  return { micros: ((performance.now() - started) * 1000) / rounds, more };
}

const rows: string[] = [];
for (const size of [100, 4_000, 100_000, 1_000_000]) {
  await ofPayload(size);
  const { micros, more } = await ofPayload(size);
  rows.push(`| ${size} | ${micros.toFixed(0)} | ${more} |`);
}
const ratio = (a: number, b: number) => (a / b).toFixed(2);
writeFileSync(
  'bench/encryption.md',
  `# What encryption at rest costs

\`npm run bench:encryption\`: ${RUNS} runs of two model calls with no latency, plain and encrypted in turns, one after the other, on the
Temporal dev server in memory and the embedded store; 2 cores for all of it, shared with others.

| a run                          | plain | encrypted | ratio |
| ------------------------------ | ----- | --------- | ----- |
| ms, median                     | ${off.ms.toFixed(0)} | ${on.ms.toFixed(0)} | ${ratio(on.ms, off.ms)} |
| bytes of history, median       | ${off.bytes} | ${on.bytes} | ${ratio(on.bytes, off.bytes)} |

| bytes of a payload | µs to encrypt and decrypt | bytes more |
| ------------------ | ------------------------- | ---------- |
${rows.join('\n')}
`,
);
await stopTestServer();
await stopTestStore();
