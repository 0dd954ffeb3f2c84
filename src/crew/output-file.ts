/** Longest name of an artifact, in UTF-16 code units. */
export const MAX_OUTPUT_FILE_CHARS = 300;

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u001F\u007F]|\p{Cs}/u;

/**
 * Why a text cannot be the name of an artifact, or nothing. A name is a relative path such as `reports/tea.md`: it is a key
 * in the store and a part of an address, and nobody who takes it for a file's must get out of a folder by it.
 */
export function outputFileProblem(path: string): string | undefined {
  if (path === '') return 'Expected a relative path such as reports/tea.md, found nothing';
  if (path.length > MAX_OUTPUT_FILE_CHARS) return `Expected at most ${MAX_OUTPUT_FILE_CHARS} characters`;
  if (CONTROL.test(path)) return 'Expected a relative path, found a control character in it';
  if (path.includes('\\')) return 'Expected a relative path with / between its parts, found a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return `Expected a relative path, found an absolute one: artifacts lie in the store, not on a disk.${without(path)}`;
  }
  const parts = path.split('/');
  if (parts.includes('..')) return "Expected a path without '..'";
  if (parts.includes('.')) return `Expected a path without '.' as a part.${without(path)}`;
  return parts.includes('')
    ? `Expected a name in each part of the path, found an empty part.${without(path)}`
    : undefined;
}

/** The hint of what to write instead, where dropping the empty and idle parts mends it. */
function without(path: string): string {
  const mended = path
    .replace(/^[A-Za-z]:/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  return mended === '' || mended.includes('..') ? '' : ` Write ${mended}`;
}
