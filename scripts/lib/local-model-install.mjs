import { join } from 'node:path';
import { ensureInstalled } from './locked-install.mjs';

/** Installs what the local model runs on, where it is missing: its own package with its own lock file. Throws `InstallError`. */
export function installLocalModel({ root, terminal, signal }) {
  return ensureInstalled({
    dir: join(root, 'local-model'),
    label: 'Local model',
    size: 'llama.cpp for Node, about 80 MB to download, 130 MB on the disk, once',
    terminal,
    lockFile: join(root, '.data', 'install-local-model.lock'),
    signal,
  });
}
