/** Calls `onGone` once when the process that started this one has ended, in scripts that npm runs. */
export function watchParent(
  onGone: () => void,
  options?: { env?: Record<string, string | undefined>; parentOf?: () => number },
): void;
