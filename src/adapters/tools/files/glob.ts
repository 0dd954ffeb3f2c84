/**
 * Whether a path fits a pattern: `*` any characters but `/`, `?` one of them, `**` any folders. A pattern without `/` is one
 * of names, in whatever folder. Takes time in proportion to the product of both lengths, whatever the pattern: no regular
 * expression, which some patterns would keep busy for ever.
 */
export function fitsGlob(path: string, pattern: string): boolean {
  const plain = pattern.replace(/^\.\//, '');
  const parts = plain.includes('/') ? plain.split('/') : ['**', plain];
  return fitsInOrder(path.split('/'), parts, (part) => part === '**', fitsName);
}

function fitsName(name: string, pattern: string): boolean {
  return fitsInOrder(
    [...name],
    [...pattern],
    (char) => char === '*',
    (char, wanted) => wanted === '?' || char === wanted,
  );
}

/** Items against wanted ones, of which some stand for any number of items. Goes back to the last of those, and no further. */
function fitsInOrder(
  items: readonly string[],
  wanted: readonly string[],
  isAny: (wanted: string) => boolean,
  fits: (item: string, wanted: string) => boolean,
): boolean {
  let [at, next] = [0, 0];
  let lastAny: { at: number; next: number } | undefined;
  while (at < items.length) {
    const want = wanted[next];
    if (want !== undefined && isAny(want)) {
      lastAny = { at, next: ++next };
    } else if (want !== undefined && fits(items[at]!, want)) {
      at++;
      next++;
    } else if (lastAny) {
      lastAny = { at: lastAny.at + 1, next: lastAny.next };
      ({ at, next } = lastAny);
    } else {
      return false;
    }
  }
  return wanted.slice(next).every(isAny);
}
