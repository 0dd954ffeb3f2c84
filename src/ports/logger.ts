/** Structured log lines. `fields` first, then a message in the past or present tense, constant for one kind of event. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
