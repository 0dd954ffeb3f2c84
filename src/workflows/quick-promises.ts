/**
 * The SDK keeps the stack of each promise of a run, for the query `__stack_trace` (the tab "Call Stack" of the Temporal UI): formatted,
 * and put back to the sources by the source map. That was a third of what a worker does for a run. Errors that are made for it are not
 * formatted, upon which the SDK keeps none; all others are as they were. What a run waits for, its details and its view say.
 */
/** The SDK's hook on new promises, and where it is. */
const HOOK = 'init';
const HOOK_FILE = /[\\/]worker[\\/]lib[\\/]workflow[\\/]vm-shared\.js$/;

type Prepare = (error: Error, frames: readonly NodeJS.CallSite[]) => unknown;

/** What prepares stacks outside of the sandbox: the SDK's own, which knows the source map. Found as the SDK finds what is inside. */
const outside = (
  AbortController as unknown as { constructor: (code: string) => () => Prepare | undefined }
).constructor('return Error.prepareStackTrace')();

if (outside) {
  const prepare: Prepare = (error, frames) =>
    frames[0]?.getFunctionName() === HOOK && HOOK_FILE.test(frames[0].getFileName() ?? '')
      ? ''
      : outside(error, frames);
  Object.assign(Error, { prepareStackTrace: prepare });
}
