import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { installLocalModel } from '../../scripts/lib/local-model-install.mjs';
import { formatDuration, type Step, type Terminal } from '../../scripts/lib/terminal.mjs';
import { findTemporalCli } from '../../temporal/find-cli.js';
import { startTokenHub, type TokenHub } from '../adapters/tokens/hub.js';
import {
  gatewayChild,
  LOCAL_MODEL_NAME,
  localModelChild,
  scriptedModelChild,
  serviceSettings,
  storeChild,
  temporalChild,
  workerChild,
  type ChildContext,
} from './children.js';
import { linkSecret } from './link-secret.js';
import { shortPath } from './paths.js';
import { choosePort } from './ports.js';
import type { DevSettings } from './settings.js';
import { StackFile } from './stack-file.js';
import {
  describeExit,
  stopInOrder,
  Supervised,
  type ChildFailure,
  type ChildSpec,
  type ReadyFacts,
} from './supervised.js';
import { temporalReady } from './temporal-ready.js';

/** Who is stopped after whom: nobody loses what it still needs. */
const STOP_ORDER = ['gateway', 'worker', 'model', 'temporal', 'store'];
const STOP_GRACE_MS = 10_000;
const LABELS: Record<string, string> = {
  temporal: 'Temporal',
  store: 'Store',
  model: 'Model',
  worker: 'Worker',
  gateway: 'Gateway',
};
const LABEL_WIDTH = 12;

export interface StackOptions {
  root: string;
  env: NodeJS.ProcessEnv;
  settings: DevSettings;
  terminal: Terminal;
  /** Ends everything that is being prepared. */
  signal: AbortSignal;
  /** A process died for good; the stack is of no use any more. */
  onFailure: (error: ChildFailure) => void;
}

type Ports = Record<keyof DevSettings['ports'], number>;

/** The processes of the development stack, from start to stop. */
export class Stack {
  readonly #options: StackOptions;
  readonly #children = new Map<string, Supervised>();
  readonly #file: StackFile;
  readonly #context: ChildContext;
  #hub: TokenHub | undefined;

  constructor(options: StackOptions) {
    const { root, env, settings } = options;
    this.#options = options;
    this.#file = new StackFile(join(settings.dataDir, 'stack.json'));
    this.#context = { root, env, logsDir: join(settings.dataDir, 'logs') };
  }

  /** Starts everything; resolves with the gateway's base address when each process serves. */
  async start(): Promise<string> {
    const { settings } = this.#options;
    const ports = await this.#choosePorts();
    const api = `http://127.0.0.1:${ports.gateway}`;
    const ownTemporal = settings.externalTemporal === undefined;
    this.#file.describe({
      ...(!settings.externalStore && { store: `postgres://postgres@127.0.0.1:${ports.store}/postgres` }),
      api,
      ...(ownTemporal && { temporal: `127.0.0.1:${ports.temporal}`, ui: `http://127.0.0.1:${ports.temporalUi}` }),
      ...(settings.model.kind !== 'external' && { model: `http://127.0.0.1:${ports.model}` }),
    });
    const modelReady = this.#startModel(ports.model);
    const [, modelName] = await settleAll([
      this.#startTemporal(ports),
      this.#modelName(modelReady),
      this.#startStore(ports.store),
    ]);
    const tokens = await this.#startTokenHub();
    const service = serviceSettings(this.#options.env, {
      linkSecret: this.#options.env['LINK_SECRET'] || linkSecret(settings.dataDir),
      ...(ownTemporal && {
        temporal: {
          port: ports.temporal,
          uiPort: ports.temporalUi,
          namespace: settings.namespace,
          dataDir: settings.dataDir,
        },
      }),
      ...(modelName !== undefined && {
        model: {
          baseUrl: `http://127.0.0.1:${ports.model}/v1`,
          name: modelName,
          local: settings.model.kind === 'local',
        },
      }),
      ...(tokens && { tokens }),
      ...(!settings.externalStore && { databaseUrl: `postgres://postgres@127.0.0.1:${ports.store}/postgres` }),
    });
    await settleAll([
      modelReady,
      this.#start(workerChild(this.#context, service), 'starting', () => 'ready'),
      this.#start(gatewayChild(this.#context, service, ports.gateway), 'starting', () => api),
    ]);
    return api;
  }

  /** Stops everything, in order. */
  async stop(): Promise<void> {
    const present = STOP_ORDER.map((name) => this.#children.get(name)).filter((child) => child !== undefined);
    await stopInOrder(present, STOP_GRACE_MS);
    await this.#hub?.close();
    this.#file.remove();
  }

  /** Ends everything at once. */
  kill(): void {
    for (const child of this.#children.values()) child.kill();
    this.#file.remove();
  }

  async #choosePorts(): Promise<Ports> {
    const { settings, terminal } = this.#options;
    const taken = new Set<number>();
    const choose = async (name: keyof Ports, needed: boolean) => {
      const wish = settings.ports[name];
      if (!needed) return wish.port;
      const { port, note } = await choosePort(wish, taken);
      if (note !== undefined) terminal.line(`  ${note}`);
      return port;
    };
    const ownTemporal = settings.externalTemporal === undefined;
    return {
      gateway: await choose('gateway', true),
      temporal: await choose('temporal', ownTemporal),
      temporalUi: await choose('temporalUi', ownTemporal),
      model: await choose('model', settings.model.kind !== 'external'),
      store: await choose('store', !settings.externalStore),
    };
  }

  /** The hub lives here: it outlasts a worker or gateway that is started again. */
  async #startTokenHub(): Promise<{ port: number; secret: string } | undefined> {
    if (this.#options.env['REDIS_URL']) return undefined;
    const secret = randomBytes(32).toString('hex');
    this.#hub = await startTokenHub(secret);
    return { port: this.#hub.port, secret };
  }

  async #startTemporal(ports: Ports): Promise<void> {
    const { settings, terminal, signal, env, root } = this.#options;
    if (settings.externalTemporal !== undefined) {
      terminal.step(label('temporal'), '').done(`at ${settings.externalTemporal}, not started here`);
      return;
    }
    const step = terminal.step(label('temporal'), 'looking for the Temporal CLI');
    try {
      const onNotice = (text: string) => terminal.line(`  ${text}`);
      const { path: cli, version } = await findTemporalCli({ onProgress: step.update, onNotice, signal, env });
      const dbFile = join(settings.dataDir, 'temporal.db');
      const server = { cli, port: ports.temporal, uiPort: ports.temporalUi, dbFile, namespace: settings.namespace };
      const spec = temporalChild(this.#context, server, (ended) => temporalReady(server, ended));
      const serverVersion = /Server ([\d.]+)/.exec(version)?.[1];
      const kept = shortPath(root, dbFile);
      await this.#start(
        spec,
        'starting the server',
        () =>
          `server${serverVersion === undefined ? '' : ` ${serverVersion}`} at 127.0.0.1:${ports.temporal}, runs are kept in ${kept}`,
        step,
      );
    } finally {
      step.clear();
    }
  }

  async #startStore(port: number): Promise<void> {
    const { settings, terminal, root } = this.#options;
    if (settings.externalStore) {
      terminal.step(label('store'), '').done('at DATABASE_URL, not started here');
      return;
    }
    const folder = join(settings.dataDir, 'store');
    const spec = storeChild(this.#context, folder, port);
    await this.#start(spec, 'starting the embedded database', () => `kept in ${shortPath(root, folder)}`);
  }

  /** Resolves with the name that the model is served under, where it is ours. */
  async #startModel(port: number): Promise<string | undefined> {
    const { settings, terminal, signal, root } = this.#options;
    const { model } = settings;
    if (model.kind === 'external') {
      terminal.step(label('model'), '').done(`${model.model} at ${model.where}`);
      return undefined;
    }
    if (model.kind === 'scripted') {
      const spec = scriptedModelChild(this.#context, model.file, port);
      await this.#start(spec, 'starting', () => `answers from ${shortPath(root, model.file)}`);
      return 'scripted';
    }
    await installLocalModel({ root, terminal, signal });
    const spec = localModelChild(this.#context, port);
    const described = ({ model: name = LOCAL_MODEL_NAME }) =>
      `${name}, a small demo model on this machine: fluent, weak on facts`;
    const { model: name = LOCAL_MODEL_NAME } = await this.#start(spec, 'starting the demo model', described);
    return name;
  }

  /** The default model's name is known before it is loaded, so the worker need not wait for it. */
  async #modelName(ready: Promise<string | undefined>): Promise<string | undefined> {
    ready.catch(() => undefined);
    const { settings, env } = this.#options;
    if (settings.model.kind === 'external') return undefined;
    if (settings.model.kind === 'scripted') return 'scripted';
    return env['MODEL_PATH'] ? ready : LOCAL_MODEL_NAME;
  }

  async #start(
    spec: ChildSpec,
    doing: string,
    describe: (ready: ReadyFacts) => string,
    step: Step = this.#options.terminal.step(label(spec.name), doing),
  ): Promise<ReadyFacts> {
    const { terminal, onFailure, root } = this.#options;
    this.#options.signal.throwIfAborted();
    let recovering: Step | undefined;
    const child = new Supervised(spec, {
      onProgress: (text) => {
        // A download is said in a line that stays; how far it is, in the one that changes.
        if (text.startsWith('downloading ')) terminal.line(`  ${LABELS[spec.name]}: ${text}`);
        (recovering ?? step).update(text);
      },
      onDeath: (exit, delayMs) => {
        recovering?.clear();
        const when = delayMs === 0 ? 'starting it again' : `starting it again in ${formatDuration(delayMs)}`;
        terminal.line(
          `  ${LABELS[spec.name]} ended unexpectedly (${describeExit(exit)}): ${when}. Log: ${shortPath(root, spec.logFile)}`,
        );
        recovering = terminal.step(label(spec.name), 'starting again');
      },
      onRecovered: () => recovering?.done(`is back after ${formatDuration(recovering.elapsed())}`),
      onGivenUp: (error) => {
        recovering?.clear();
        onFailure(error);
      },
      onPid: (pid) => this.#file.setPid(spec.name, pid),
    });
    this.#children.set(spec.name, child);
    step.update(doing);
    try {
      const ready = await child.start();
      step.done(describe(ready));
      return ready;
    } finally {
      step.clear();
    }
  }
}

function label(name: string): string {
  return (LABELS[name] ?? name).padEnd(LABEL_WIDTH);
}

/** All results, or the first failure; the others' failures are then of no interest. */
async function settleAll<T extends readonly Promise<unknown>[]>(promises: readonly [...T]) {
  for (const promise of promises) promise.catch(() => undefined);
  return Promise.all(promises);
}
