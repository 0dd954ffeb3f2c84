import type { RunView } from '../contract/views.js';
import type { BlobRef } from '../contract/wire.js';

/** An artifact of a run: a task's output under a name. */
export interface Artifact {
  path: string;
  taskId: string;
  text: BlobRef;
}

/**
 * The artifacts that a run's view names, by path. Where two tasks made the same name of their inputs, the later one's output
 * is under it.
 */
export function artifactsOf({ tasks }: RunView): Artifact[] {
  const byPath = new Map<string, Artifact>();
  for (const { id, artifact } of tasks) {
    if (artifact) byPath.set(artifact.path, { path: artifact.path, taskId: id, text: artifact.ref });
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The few types under which a text of a model is given out: none that a browser runs anything of. */
export function contentTypeOf(path: string): 'text/markdown' | 'application/json' | 'text/plain' {
  if (/\.(md|markdown)$/i.test(path)) return 'text/markdown';
  return /\.json$/i.test(path) ? 'application/json' : 'text/plain';
}

/** Headers of a text that a model wrote: it is saved or shown as what it is, and nothing in it acts for this site. */
export function contentHeaders(path: string): Record<string, string> {
  const file = path.slice(path.lastIndexOf('/') + 1);
  // For old clients: visible ASCII without what ends a quoted string. Source: RFC 6266
  const plain = file.replace(/[^ !#-[\]-~]/g, '_');
  const exact = encodeURIComponent(file).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return {
    'content-type': `${contentTypeOf(path)}; charset=utf-8`,
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${exact}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  };
}
