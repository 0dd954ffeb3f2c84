import type { ServiceError } from '../client/index.js';

/** Exit codes of `crew`, as docs/cli.md has them. */
export const EXIT = {
  ok: 0,
  /** The run did not complete, a check found something, or what was asked for cannot be done here. */
  failed: 1,
  /** The call's words are off. */
  usage: 2,
  /** There is no such run, crew, approval, … */
  notFound: 3,
  /** The service refused: decided already, inputs that do not fit, … */
  refused: 4,
  /** The service, or what is behind it, cannot be reached. */
  unreachable: 5,
  /** Ctrl-C. What was started goes on. */
  interrupted: 130,
} as const;

/** The exit code that an error of the service stands for. */
export function exitOf({ status }: ServiceError): number {
  if (status === 0 || status >= 500) return EXIT.unreachable;
  return status === 404 || status === 410 ? EXIT.notFound : EXIT.refused;
}
