import { setTimeout as pause } from 'node:timers/promises';
import type { ModelMood, SeenCall } from './model.js';
import type { World } from './world.js';

/**
 * Which model calls a fault may cost: those that are in flight when it strikes (they end with their worker), those that are in flight
 * while it lasts (Temporal does not hear of their end), or none.
 */
type Endangers = 'at once' | 'while it lasts' | 'none';

/** Something that was broken, and when it was whole again. */
export interface Fault {
  name: string;
  endangers: Endangers;
  from: number;
  until: number;
}

/** One way to break something: resolves when it is whole again. */
interface Kind {
  name: string;
  /** What it breaks: two that break the same are not struck at once. */
  what: string;
  endangers: Endangers;
  /** How often, beside the others. */
  weight: number;
  strike(world: World, random: () => number): Promise<void>;
}

/** Longest until a part that was killed is started again; mostly it is at once. */
const AWAY_MS = 12_000;

const kill = (name: string, part: string, weight = 1, endangers: Endangers = 'none'): Kind => ({
  name: `kill -9 of ${name}`,
  what: part,
  endangers,
  weight,
  strike: async (world, random) => {
    const one = world.parts.get(part);
    await one?.kill();
    await pause(AWAY_MS * random() ** 3);
    await one?.start();
  },
});

const model = (mood: ModelMood, name: string): Kind => ({
  name,
  what: 'model',
  endangers: 'none',
  weight: 1,
  strike: async (world, random) => {
    world.model.mood(mood);
    await pause(3_000 + 5_000 * random());
    world.model.mood('well');
  },
});

const KILLS: readonly Kind[] = [
  kill('a worker', 'worker-1', 1, 'at once'),
  kill('a worker', 'worker-2', 1, 'at once'),
  kill('the gateway', 'gateway', 2),
  kill('the Temporal server', 'temporal', 2, 'while it lasts'),
  kill('Postgres', 'postgres', 2),
  kill('Redis', 'redis'),
  {
    name: 'kill -9 of the Kafka broker',
    what: 'broker',
    endangers: 'none',
    weight: 1,
    strike: async ({ broker }, random) => {
      await broker.end('SIGKILL');
      await pause(AWAY_MS * random() ** 3);
      await broker.start();
    },
  },
];

/** A pause long enough that what is retried soon is retried in vain. */
const FULL_MS = 12_000;

const FULL_DISK: Kind = {
  name: 'full disk of the store',
  what: 'postgres',
  endangers: 'none',
  weight: 1,
  strike: async ({ database }) => {
    await database.fill?.();
    await pause(FULL_MS);
    await database.free();
    // Postgres ends itself where it cannot write its log.
    if (!database.part.isRunning) await database.part.start();
  },
};

const STEPS = [-3_600, -30, 30, 3_600, 86_400];

const CLOCK: Kind = {
  name: 'clock step of a worker',
  what: 'clock',
  endangers: 'none',
  weight: 1,
  strike: async ({ clock }, random) => {
    clock?.step(STEPS[Math.floor(random() * STEPS.length)] ?? 0);
    await pause(4_000);
    clock?.step(0);
    await pause(2_000);
  },
};

/** What can be broken on this machine, and what cannot. */
export function kindsFor(world: World): { kinds: Kind[]; without: string[] } {
  const kinds = [
    ...KILLS,
    model('slow', 'slow model'),
    model('silent', 'half-open model'),
    model('stalled', 'model that stops in mid-stream'),
  ];
  const without: string[] = [];
  if (world.database.fill) kinds.push(FULL_DISK);
  else without.push(`${FULL_DISK.name}: no disk can be mounted here, which takes root`);
  if (world.clock) kinds.push(CLOCK);
  else without.push(`${CLOCK.name}: libfaketime is not installed: apt-get install libfaketime`);
  return { kinds, without };
}

/** At most so many things are broken at the same time. */
const AT_ONCE = 2;
/** Longest wait for a call in flight before something is struck: what breaks while nothing is done proves little. */
const AIM_MS = 3_000;

/** How things are broken. */
export interface Striking {
  stop: AbortSignal;
  random: () => number;
  /** Between two faults, on average. */
  gapMs: number;
  /** Only those whose name fits. */
  only?: RegExp | undefined;
  onFault(fault: Fault): void;
}

/**
 * Breaks one thing after the other until told to stop, and resolves when all are whole again. Each kind comes up before any comes again
 * out of turn; the next one does not wait until the last one is whole.
 */
export async function strikeUntil(world: World, { stop, random, gapMs, only = /./, onFault }: Striking): Promise<void> {
  const kinds = kindsFor(world).kinds.filter(({ name }) => only.test(name));
  const broken = new Map<string, Promise<void>>();
  let hat: Kind[] = [];
  const failed = new AbortController();
  let why: unknown;
  const strike = async ({ name, endangers, strike: act }: Kind) => {
    const fault: Fault = { name, endangers, from: Date.now(), until: Infinity };
    onFault(fault);
    await act(world, random);
    fault.until = Date.now();
  };
  const over = AbortSignal.any([stop, failed.signal]);
  while (!over.aborted) {
    await pause(gapMs * (0.5 + random()), undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    if (hat.length === 0) hat = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
    const free = hat.filter(({ what }) => !broken.has(what));
    const kind = free[Math.floor(random() * free.length)];
    if (!kind || broken.size >= AT_ONCE) continue;
    hat.splice(hat.indexOf(kind), 1);
    await aim(world, over);
    const striking = strike(kind).catch((error: unknown) => {
      why = error;
      failed.abort();
    });
    broken.set(
      kind.what,
      striking.then(() => void broken.delete(kind.what)),
    );
  }
  await Promise.all(broken.values());
  if (failed.signal.aborted) throw why;
}

/** Waits for a call in flight. */
async function aim({ model: { calls } }: World, stop: AbortSignal): Promise<void> {
  const until = Date.now() + AIM_MS;
  while (!stop.aborted && Date.now() < until && calls.at(-1)?.outcome !== 'open') await pause(20);
}

/** The calls that a fault endangered: asked, and not yet known to Temporal as finished. */
export function inFlight(
  fault: Fault,
  calls: readonly SeenCall[],
  finishedAt: ReadonlyMap<string, number>,
): Set<string> {
  const open = calls.filter(({ id, arrivedAt }) => endangered(fault, arrivedAt, finishedAt.get(id) ?? Infinity));
  return new Set(open.map(({ id }) => id));
}

/** Whether a fault can be why something that lasted from `from` until `until` was lost. */
export function endangered(fault: Fault, from: number, until: number): boolean {
  if (fault.endangers === 'none') return false;
  const over = fault.endangers === 'at once' ? fault.from : fault.until;
  return from <= over && until >= fault.from;
}
