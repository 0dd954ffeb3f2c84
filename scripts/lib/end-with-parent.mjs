/**
 * Loaded first (`node --import`) into the processes of the development stack, which end by themselves when their parent is gone. This is
 * for when they cannot: while they still load, before they listen for that, or when their own end takes too long.
 */
const GRACE_MS = 15_000;

process.on('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
});
