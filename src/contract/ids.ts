/** The tenant of every run until callers are authenticated. A tenant comes from authentication only, never from a body. */
export const DEFAULT_TENANT = 'default';

/** The workflow id of a run. `runId` is one URL-safe segment and stays the same over continue-as-new. */
export function workflowIdOf(tenant: string, runId: string): string {
  return `crew/${tenant}/${runId}`;
}

/** The run's id in a workflow id made by `workflowIdOf`. */
export function runIdOf(workflowId: string): string {
  return workflowId.slice(workflowId.lastIndexOf('/') + 1);
}

/**
 * Id of the n-th call (from 1) of its kind at a place in the run, so that a history reads: `research/model/2`,
 * `research/tool/1`, `research/delegate/1/model/1` for what a coworker does.
 */
export function callId(place: string, kind: 'model' | 'tool' | 'delegate' | 'kit', call: number): string {
  return `${place}/${kind}/${call}`;
}

/** Tenant of a workflow id made by `workflowIdOf`. */
export function tenantOf(workflowId: string): string {
  return workflowId.split('/')[1] ?? DEFAULT_TENANT;
}

/** Tenant of the id of any workflow of ours; undefined where it is not one that belongs to a tenant. */
export function tenantInId(workflowId: string): string | undefined {
  return /^(?:crew|batch|thread|scheduled)\/([^/]+)\//.exec(workflowId)?.[1];
}

/** Id of the approval of a task's output at one attempt: `summarize.output.1`. One URL-safe segment. */
export function outputApprovalId(taskId: string, attempt: number): string {
  return `${taskId}.output.${attempt}`;
}

/** What may stand for a run id in a URL. Anything else names no run. */
export const RUN_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** What an id of a webhook endpoint, or of a delivery, looks like. */
export const WEBHOOK_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** Webhook endpoints that a start may name. */
export const MAX_NAMED_WEBHOOKS = 20;

/** Id of the n-th approval (from 1) by which a run asks to go over its budget. */
export function budgetApprovalId(count: number): string {
  return `budget.${count}`;
}

/** Id of the approval of the n-th call (from 1) of a tool at a place: `research.tool.1`. One URL-safe segment. */
export function toolApprovalId(place: string, call: number): string {
  return `${place.replaceAll('/', '.')}.tool.${call}`;
}
