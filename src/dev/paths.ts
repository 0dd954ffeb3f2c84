import { relative } from 'node:path';

/** A path as people read it best: relative to the repository where it lies inside, otherwise whole. */
export function shortPath(root: string, path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') || inside === '' ? path : inside;
}
