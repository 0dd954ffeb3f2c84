import { modelCacheDir } from './cache.js';
import { SMOLLM2_SOURCES } from './sources.js';
import { findWeights, SMOLLM2 } from './weights.js';

/**
 * Path of the weights that this machine is set up for: `MODEL_PATH`, or the demo model, downloaded on first use.
 * @throws Error with one message for a person, see `findWeights`.
 */
export function demoWeights(
  modelPath: string | undefined,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  return findWeights({
    weights: SMOLLM2,
    ...(modelPath !== undefined && { modelPath }),
    cacheDir: modelCacheDir(process.env, process.platform),
    sources: SMOLLM2_SOURCES,
    onProgress: ({ text }) => {
      onProgress(text);
    },
    signal,
  });
}
