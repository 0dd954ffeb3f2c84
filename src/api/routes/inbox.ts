import { createRoute, z } from '@hono/zod-openapi';
import { strict } from '../../crew/issues.js';
import { tenantIn } from '../caller.js';
import { crewName } from '../crew-schemas.js';
import { definedOnly } from '../decide.js';
import type { AppDeps } from '../env.js';
import { createRouter, json, problems } from '../openapi.js';
import { pageFields } from '../paging.js';
import { linksFor } from '../resource.js';
import { approvalSchema, linksSchema, plainText } from '../schemas.js';

const STATUS = 'Expected open: what became of the others is in their run, at /v1/runs/{runId}';

const inboxQuery = strict({
  status: z.literal('open', { error: STATUS }).default('open'),
  crew: crewName.optional(),
  assignee: plainText(100).optional().openapi({ description: 'Only what this person or group is asked' }),
  ...pageFields,
  limit: pageFields.limit.openapi({ description: 'Runs a page: it has all open approvals of its runs' }),
});

const entrySchema = approvalSchema
  .pick({ id: true, kind: true, taskId: true, attempt: true, actions: true, requestedAt: true, deadline: true })
  .extend({
    runId: z.string(),
    crew: z.string(),
    label: z.string().optional().openapi({ description: "The run's" }),
    question: z.string().optional().openapi({ description: 'Clipped where it is long' }),
    assignees: z.array(z.string()).optional().openapi({ description: 'The first, where there are many' }),
    links: linksSchema.extend({ run: z.string() }),
  })
  .openapi('InboxEntry');

const inboxRoute = createRoute({
  method: 'get',
  path: '/v1/approvals',
  operationId: 'listApprovals',
  summary: 'The inbox: open approvals of all runs',
  description:
    'Those of the newest run first. From Temporal visibility: a row may be a moment behind the run itself. Of a run that waits for more than 20 decisions at once, 20 are listed, and `incomplete` names the run.',
  tags: ['Approvals'],
  request: { query: inboxQuery },
  responses: {
    200: json(
      z
        .object({
          approvals: z.array(entrySchema),
          incomplete: z.array(z.string()).optional().openapi({ description: 'Runs that have more than is listed' }),
          nextCursor: z.string().optional(),
        })
        .openapi('Inbox'),
      'A page; it may be empty and still have a `nextCursor`',
    ),
    ...problems(400, 422, 503),
  },
});

/** `/v1/approvals`. */
export function inboxRoutes({ runs, settings }: AppDeps) {
  return createRouter().openapi(inboxRoute, async (context) => {
    const { status: _, ...filter } = context.req.valid('query');
    const { runs: waiting, nextCursor } = await runs.inbox({ tenant: tenantIn(context), ...definedOnly(filter) });
    const links = linksFor(context, settings);
    const approvals = waiting.flatMap(({ runId, executionId, crew, label, open }) => {
      const { self: run, ...more } = links.run(runId, executionId);
      return open.map(({ moreAssignees: _, ...approval }) => ({
        runId,
        crew: crew.name,
        ...(label !== undefined && { label }),
        ...approval,
        links: { self: `${run}/approvals/${approval.id}`, run, ...more },
      }));
    });
    const incomplete = waiting.filter(({ more }) => more).map(({ runId }) => runId);
    const page = {
      approvals,
      ...(incomplete.length > 0 && { incomplete }),
      ...(nextCursor !== undefined && { nextCursor }),
    };
    return context.json(page, 200);
  });
}
