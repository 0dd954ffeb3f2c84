import type { components } from './openapi.js';

type Schemas = components['schemas'];

/** A run: its tasks, outputs, approvals, usage, result. */
export type Run = Schemas['Run'];
/** A row of the list of runs, and the answer to a start. */
export type RunRow = Schemas['RunRow'];
export type RunList = Schemas['RunList'];
/** What a run gave. */
export type RunResult = Schemas['RunResult'];
export type RunStatus = RunRow['status'];
export type Task = Schemas['Task'];
export type Usage = Schemas['Usage'];
export type Message = Schemas['Message'];
export type ForkRequest = Schemas['ForkRequest'];
export type RetryRequest = Schemas['RetryRequest'];
export type MessageRequest = Schemas['MessageRequest'];
/** A question to a person. */
export type Approval = Schemas['Approval'];
export type ApprovalAction = Schemas['ApprovalAction'];
export type Decision = Schemas['Decision'];
export type Inbox = Schemas['Inbox'];
export type InboxEntry = Schemas['InboxEntry'];
export type ApprovalLink = Schemas['ApprovalLink'];
export type Crew = Schemas['Crew'];
export type CrewSummary = Schemas['CrewSummary'];
export type CrewReport = Schemas['CrewReport'];
export type StoredCrew = Schemas['StoredCrew'];
export type Readiness = Schemas['Readiness'];
/** One crew with many inputs. */
export type Batch = Schemas['Batch'];
/** A row of the list of batches, and the answer to a start. */
export type BatchRow = Schemas['BatchRow'];
export type BatchList = Schemas['BatchList'];
/** What came of one item. */
export type BatchResult = Schemas['BatchResult'];
export type StartBatchRequest = Schemas['StartBatchRequest'];
/** A crew at times. */
export type Schedule = Schemas['Schedule'];
export type ScheduleRow = Schemas['ScheduleRow'];
export type CreateScheduleRequest = Schemas['CreateScheduleRequest'];
export type PatchScheduleRequest = Schemas['PatchScheduleRequest'];
export type BackfillRequest = Schemas['BackfillScheduleRequest'];
export type Overlap = Schedule['overlap'];
