const LOOK_EVERY_MS = 500;

/**
 * Calls `onGone` once when the process that started this one has ended. npm passes SIGTERM on to a shell only, which dies of it and tells nobody:
 * that its script lost its parent is all there is to see. Someone who starts a script by hand, and lets it outlive a shell, means it so.
 */
export function watchParent(onGone, { env = process.env, parentOf = () => process.ppid } = {}) {
  if (env.npm_lifecycle_event === undefined) return;
  const parent = parentOf();
  const timer = setInterval(() => {
    if (parentOf() === parent) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
