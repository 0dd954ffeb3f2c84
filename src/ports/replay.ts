/** A history that was replayed on the code here. */
export interface Replayed {
  /** Where it comes from: a file, or `crew/<tenant>/<runId>` with the execution. */
  source: string;
  events: number;
  /** Absent: it goes the same way. */
  broken?: Break;
}

/** Where a history would go another way on the code here. */
export interface Break {
  /** In words. */
  reason: string;
  /** The event of the history that does not fit, where it could be told. */
  eventId?: number;
  /** What that event is, for example `EVENT_TYPE_ACTIVITY_TASK_SCHEDULED research/model/1`. */
  event?: string;
}
