/** How a tool call failed. */
export type ToolErrorReason =
  /** No such tool is configured. */
  | 'not_found'
  /** The arguments do not fit the tool; `message` says where, for the model. */
  | 'invalid_arguments'
  /** The tool ran and could not do it; `message` is for the model. */
  | 'failed'
  /** What was asked is not allowed here; `message` is for the model. */
  | 'refused'
  | 'timed_out'
  /** What the tool needs (a server, the network) is not there now: another try may help. */
  | 'unavailable';

/** The error of the `ToolRunner` port. `message` is fit to be shown to a model and to people. */
export class ToolCallError extends Error {
  readonly reason: ToolErrorReason;

  constructor(reason: ToolErrorReason, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ToolCallError';
    this.reason = reason;
  }
}

/** By name: authors' files may have been given another copy of this module than the process runs. */
export function isToolCallError(error: unknown): error is ToolCallError {
  return error instanceof Error && error.name === 'ToolCallError';
}
