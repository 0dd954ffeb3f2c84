/**
 * What a test or a group needs, called in it or in its `before`: skips it where that is not on this machine. With REQUIRE_ALL=1, as in
 * CI, it fails. `missing` says what, and how to get it.
 */
export function needed<T>(context: Mocha.Context, found: T | undefined, missing: string): T {
  if (found !== undefined) return found;
  if (process.env['REQUIRE_ALL'] === '1') throw new Error(missing);
  console.log(`      skipped: ${missing}`);
  return context.skip();
}
