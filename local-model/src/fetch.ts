import { demoWeights } from './demo-weights.js';
import { runProcess } from './entry.js';
import { readOptions } from './options.js';

/** Fetches the weights ahead of the first start, for images and machines that are offline later. */
await runProcess(async ({ parent, stop }) => {
  const path = await demoWeights(
    readOptions(process.env).modelPath,
    (text) => {
      parent.progress(text);
    },
    stop,
  );
  parent.progress(`The demo model is at ${path}`);
  process.disconnect?.();
});
