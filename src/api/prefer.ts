/** What a `Prefer` header asks for. Source: RFC 7240 */
export interface Preferences {
  /** Seconds to wait for a result. */
  waitSeconds?: number;
  /** Answer before the work is done. */
  respondAsync: boolean;
}

/** Reads a `Prefer` header. What it does not understand it ignores, as the RFC has it. */
export function readPrefer(header: string | undefined): Preferences {
  const preferences = (header ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '');
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference)?.[1]).find(Boolean);
  return {
    respondAsync: preferences.includes('respond-async'),
    ...(wait !== undefined && { waitSeconds: Number(wait) }),
  };
}
