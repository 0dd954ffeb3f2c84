/**
 * Types of the failures that cross the wire (`ApplicationFailure.type`), which are also the stable `code`s in views and
 * events. Dotted: what failed, then how.
 */
export const FailureType = {
  /** The run failed because a task failed; details: `RunFailureDetails`. */
  taskFailed: 'Crew.TaskFailed',
  /** The prompt of a model call is longer than a run can carry. */
  promptTooLarge: 'Task.PromptTooLarge',
  /** The agent did not finish within its time. */
  taskTimedOut: 'Task.TimedOut',
  /** A person rejected the output more often than allowed. */
  reworkExhausted: 'Task.ReworkExhausted',
  /** The output was sent back by its guardrail more often than allowed. */
  guardrailUnmet: 'Task.GuardrailUnmet',
  /** The answers did not fit the output schema. */
  schemaUnmet: 'Task.SchemaUnmet',
  /** A condition could not be evaluated, or a guardrail function could not run. */
  checkFailed: 'Task.CheckFailed',
  /** A tool, guardrail or schema that the definition names is not configured any more. */
  notConfigured: 'Task.NotConfigured',
  /** A run of a batch or a schedule cannot be started: its crew is gone, does not fit its inputs, or names what is not configured. */
  cannotStart: 'Run.CannotStart',
  /** Nothing new is started: the run is being stopped. */
  stopped: 'Task.Stopped',
  toolUnavailable: 'Tool.Unavailable',
  toolTimedOut: 'Tool.TimedOut',
  storeUnavailable: 'Store.Unavailable',
  storeRefused: 'Store.Refused',
  /** What lies encrypted cannot be opened: `EncryptionError`. */
  encryptionKeyMissing: 'Encryption.KeyMissing',
  encryptionNotAuthentic: 'Encryption.NotAuthentic',
  /** The worker that ran the activity went away, and all attempts are used up. */
  workerLost: 'Task.WorkerLost',
  /** Something of ours broke; the message says nothing internal. */
  internal: 'Internal',
  modelRateLimited: 'Model.RateLimited',
  modelUnavailable: 'Model.Unavailable',
  modelUnreachable: 'Model.Unreachable',
  modelTimedOut: 'Model.TimedOut',
  modelStreamCut: 'Model.StreamCut',
  modelAnswerTooLarge: 'Model.AnswerTooLarge',
  modelBadResponse: 'Model.BadResponse',
  modelEmptyAnswer: 'Model.EmptyAnswer',
  modelQuotaExhausted: 'Model.QuotaExhausted',
  modelUnauthorized: 'Model.Unauthorized',
  modelNotFound: 'Model.NotFound',
  modelBadRequest: 'Model.BadRequest',
  modelContextExceeded: 'Model.ContextExceeded',
  approvalNotFound: 'Approval.NotFound',
  approvalAlreadyDecided: 'Approval.AlreadyDecided',
  messageInvalid: 'Message.Invalid',
  approvalInvalidDecision: 'Approval.InvalidDecision',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];
