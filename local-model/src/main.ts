import { stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { basename } from 'node:path';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { createApp } from './app.js';
import { demoWeights } from './demo-weights.js';
import { Engine } from './engine.js';
import { runProcess } from './entry.js';
import { readOptions } from './options.js';
import { SlotQueue } from './queue.js';
import { Stats } from './stats.js';
import { SMOLLM2 } from './weights.js';

/** Requests that may wait for a slot: at two or three seconds each, more would wait for minutes. */
const MAX_WAITING = 64;

await runProcess(async ({ parent, stop }) => {
  const progress = (text: string) => {
    parent.progress(text);
  };
  const options = readOptions(process.env);
  const modelPath = await demoWeights(options.modelPath, progress, stop);
  const name = await modelName(modelPath);
  progress(`loading ${name}`);
  const engine = await Engine.load({ ...options, modelPath });
  const modelId = `${name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-')}-demo`;
  const app = createApp({
    engine,
    queue: new SlotQueue(engine.slots, MAX_WAITING),
    stats: new Stats(),
    modelId,
    description: `Demo model (${name}, on this machine): fluent, but do not trust its facts.`,
    shutdown: stop,
    logError: (error) => {
      console.error('The demo model failed to answer:', error);
    },
  });
  parent.ready(await listen(app, options.port), modelId);
});

/** The default weights keep their name wherever their file lies, so that a copy of them is the same model. */
async function modelName(modelPath: string): Promise<string> {
  const { size } = await stat(modelPath);
  return size === SMOLLM2.bytes ? SMOLLM2.name : basename(modelPath, '.gguf');
}

/** Serves on loopback. Resolves to the port. */
function listen(app: Hono, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (info) => {
      resolve(info.port);
    }) as Server;
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} (LOCAL_MODEL_PORT) is in use. Set another one, or 0 for any free port.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
  });
}
