/**
 * The SDK keeps the stack of each promise of a run, for the query `__stack_trace` (the tab "Call Stack" of the Temporal UI). To take it,
 * format it and put it back to the sources was a third of all that a worker did for a run. What a run waits for, its details and its
 * view say; so the errors that are made for these stacks have none here, upon which the SDK keeps nothing.
 *
 * The SDK asks a promise for its realm's `Function`, and that for the realm's globals; it gets them here without any code being
 * compiled, which it also did for each promise. Whatever else it may ask for, it gets as ever.
 */
class WithoutStack {
  readonly stack = undefined;
}

const real = Promise.constructor as FunctionConstructor;
const activator = () => (globalThis as { __TEMPORAL_ACTIVATOR__?: unknown }).__TEMPORAL_ACTIVATOR__;
const errors = () => WithoutStack;

const quick = (code: string): (() => unknown) => {
  if (code === 'return globalThis.__TEMPORAL_ACTIVATOR__') return activator;
  if (code === 'return globalThis.Error') return errors;
  return real(code) as () => unknown;
};

Object.defineProperty(Promise, 'constructor', { value: quick });
export {};
