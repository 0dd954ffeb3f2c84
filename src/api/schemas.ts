import { z } from '@hono/zod-openapi';
import { RUN_ID_PATTERN } from '../contract/ids.js';
import { APPROVAL_ACTIONS, DECIDED_VIA, RUN_STATUSES, TASK_STATUSES } from '../contract/views.js';
import { BROKEN_UNICODE, isWellFormed, NOT_PLAIN_TEXT, PLAIN_TEXT } from '../crew/values.js';
import { errorLineSchema } from './crew-schemas.js';

/** A text of a person or another service: not empty, bounded, no control characters. */
export function plainText(maxChars: number) {
  return z
    .string({ error: (issue) => (issue.input === undefined ? 'Required: expected a text' : 'Expected a text') })
    .min(1, 'Expected a text, found an empty one')
    .max(maxChars, `Expected at most ${maxChars} characters`)
    .regex(PLAIN_TEXT, NOT_PLAIN_TEXT)
    .refine(isWellFormed, BROKEN_UNICODE);
}

const count = z.int().min(0);
const time = z.iso.datetime();

export const usageSchema = z
  .object({
    inputTokens: count,
    outputTokens: count,
    cachedInputTokens: count.openapi({ description: 'The part of inputTokens that the provider read from its cache' }),
    reasoningTokens: count.openapi({ description: 'The part of outputTokens that was spent on reasoning' }),
    calls: count.openapi({ description: 'Model calls that were answered' }),
    failedCalls: count.openapi({ description: 'Model calls that the provider refused or broke off' }),
    unknownCalls: count.openapi({ description: 'Model calls that were cut with the worker: perhaps paid for' }),
    usd: z.number().openapi({ description: 'By the prices that were configured when the run started; 0 without' }),
    durationMs: z.number().openapi({ description: 'Wall time of the answered calls' }),
  })
  .openapi('Usage');

export const failureSchema = z
  .object({
    code: z.string().openapi({ description: 'Stable, dotted: what failed, then how', example: 'Model.RateLimited' }),
    message: z.string(),
    taskId: z.string().optional(),
  })
  .openapi('Failure');

export const crewRefSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    digest: z.string().openapi({ description: 'SHA-256 (hex) of the parsed, defaulted definition' }),
  })
  .openapi('CrewRef');

const blobRefSchema = z
  .object({ ref: z.string().openapi({ description: 'SHA-256 (hex) of the text' }), chars: count })
  .openapi('TextRef');

const actionSchema = z.enum(APPROVAL_ACTIONS).openapi('ApprovalAction');

const jsonSchemaSchema = z
  .union([z.string(), z.record(z.string(), z.any())])
  .openapi({ description: 'A JSON Schema, or the name of one of the operator' });

const decidedSchema = z
  .object({
    action: actionSchema,
    by: z.string(),
    byClaimed: z.boolean().openapi({ description: 'True where nobody checked who `by` is' }),
    at: time,
    via: z.enum(DECIDED_VIA),
    feedback: z.string().optional(),
    output: z.string().optional(),
    outputRef: blobRefSchema.optional(),
    arguments: z.record(z.string(), z.any()).optional(),
    answer: z.any().optional(),
  })
  .openapi('ApprovalDecision');

export const approvalSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['task_output', 'tool_call', 'budget']),
    taskId: z.string(),
    attempt: count,
    shown: z.string().openapi({ description: 'What the person decides on; empty where `shownRef` alone has it' }),
    shownRef: blobRefSchema.optional(),
    question: z.string().optional().openapi({ description: 'What the definition asks, in words' }),
    assignees: z.array(z.string()).optional().openapi({ description: 'Who is asked; absent: anybody' }),
    tool: z
      .object({ name: z.string(), arguments: z.record(z.string(), z.any()).optional() })
      .optional()
      .openapi({ description: 'With tool_call: the call as the model wants it' }),
    answerSchema: jsonSchemaSchema.optional(),
    outputSchema: jsonSchemaSchema.optional(),
    argumentsSchema: z.record(z.string(), z.any()).optional(),
    actions: z.array(actionSchema),
    status: z.enum(['open', 'decided', 'expired', 'withdrawn']),
    requestedAt: time,
    deadline: time.optional(),
    onDeadline: z.enum(['approve', 'reject', 'skip', 'abort']).optional(),
    escalations: z
      .array(z.object({ at: time, notify: z.array(z.string()), done: z.literal(true).optional() }))
      .optional(),
    decision: decidedSchema.optional(),
  })
  .openapi('Approval');

/** The members of an output, of a task and of the run. */
const output = {
  outputRef: blobRefSchema.optional().openapi({
    description: 'Where the store has a long output. Without `output`: read it from the output or artifact address',
  }),
  format: z.literal('json').optional().openapi({ description: "The output is JSON by the task's schema" }),
  json: z.any().optional().openapi({ description: 'The output as JSON' }),
};

const attemptSchema = z
  .object({
    attempt: count,
    usage: usageSchema,
    sentBack: z
      .object({ by: z.enum(['person', 'guardrail', 'manager']), reason: z.string() })
      .optional()
      .openapi({ description: 'Why another attempt followed' }),
  })
  .openapi('Attempt');

const contextSchema = z
  .object({
    taskId: z.string(),
    chars: count,
    givenChars: count,
    how: z.enum(['clipped', 'summarized', 'left_out']),
  })
  .openapi('ContextLoss', { description: "An output that was not passed on whole: it did not fit the model's window" });

const taskSchema = z
  .object({
    id: z.string(),
    agent: z.string(),
    role: z.string(),
    status: z.enum(TASK_STATUSES),
    attempt: count,
    output: z.string().optional(),
    ...output,
    artifact: z
      .object({ path: z.string(), ref: blobRefSchema })
      .optional()
      .openapi({ description: 'The output under a name: /v1/runs/{runId}/artifacts/{path}' }),
    usage: usageSchema,
    attempts: z.array(attemptSchema),
    context: z.array(contextSchema).optional(),
    leftOutChars: count.optional().openapi({ description: 'Of its own conversation, that the agent lost sight of' }),
    review: z.object({ accepted: z.boolean(), reasons: z.string() }).optional(),
    skipped: z.enum(['condition', 'dependency', 'person']).optional(),
    answer: z.any().optional().openapi({ description: 'What the person who approved it answered' }),
    keptFrom: z.string().optional().openapi({ description: 'The run that a forked one took the output over from' }),
    error: failureSchema.optional(),
    startedAt: time.optional(),
    endedAt: time.optional(),
  })
  .openapi('Task');

export const linksSchema = z
  .object({
    self: z.string(),
    temporalUi: z.string().optional().openapi({ description: 'The run in the Temporal UI' }),
  })
  .openapi('Links');

const runHead = {
  runId: z.string(),
  crew: crewRefSchema,
  status: z.enum(RUN_STATUSES),
  label: z.string().optional(),
  parentRunId: z.string().optional().openapi({ description: 'The run that this one was forked from' }),
  startedAt: time,
  endedAt: time.optional(),
  links: linksSchema,
};

export const messageSchema = z
  .object({
    id: z.string(),
    agent: z.string().optional().openapi({ description: "The agent's key; absent: every agent" }),
    by: z.string(),
    text: z.string(),
    at: time,
    deliveredTo: z.array(z.string()).openapi({ description: 'Keys of the agents that were told' }),
  })
  .openapi('Message');

/** A row of the list of runs, and the answer to a start. */
export const runRowSchema = z.object(runHead).openapi('RunRow');

export const runSchema = z
  .object({
    ...runHead,
    inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    tasks: z.array(taskSchema),
    approvals: z.array(approvalSchema),
    usage: usageSchema,
    agents: z.record(z.string(), usageSchema).openapi({ description: 'Usage by agent, delegated work included' }),
    models: z.record(z.string(), usageSchema).openapi({ description: 'Usage by model' }),
    result: z.object({ output: z.string().openapi({ description: "The last task's output" }), ...output }).optional(),
    error: failureSchema.optional(),
    forkedFromTask: z.string().optional().openapi({ description: 'The task that the fork began again with' }),
    messages: z.array(messageSchema).optional(),
    lastSeq: count,
    retrying: z
      .array(
        z.object({
          activityId: z.string().openapi({ example: 'research/model/1' }),
          attempts: count,
          lastFailure: z.object({ code: z.string(), message: z.string() }),
          nextTryAt: time.optional(),
        }),
      )
      .openapi({ description: 'Calls that failed and will be made again' }),
  })
  .openapi('Run');

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().openapi({ description: 'Stable; what programs go by' }),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(errorLineSchema).optional(),
    failure: failureSchema.optional(),
    runId: z.string().optional(),
    approval: approvalSchema.optional(),
  })
  .openapi('Problem');

/** In whose name something is done. `what`: who that is. */
export function byField(what: string) {
  return plainText(200)
    .optional()
    .openapi({
      description: `${what}. Where callers are authenticated: the caller, and no other name is taken; else a claim, absent: anonymous`,
    });
}

/** `/v1/runs/{runId}/approvals/{approvalId}` */
export const approvalParams = z.object({
  runId: z
    .string()
    .regex(RUN_ID_PATTERN, 'Expected a run id')
    .openapi({ param: { name: 'runId', in: 'path' } }),
  approvalId: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,200}$/, 'Expected the id of an approval')
    .openapi({ param: { name: 'approvalId', in: 'path' }, example: 'summarize.output.1' }),
});

export const runIdParam = z.object({
  runId: z
    .string()
    .regex(RUN_ID_PATTERN, 'Expected a run id')
    .openapi({ param: { name: 'runId', in: 'path' } }),
});
