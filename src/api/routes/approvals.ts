import { randomUUID } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { DEFAULT_TENANT } from '../../contract/ids.js';
import type { DecisionInput } from '../../contract/wire.js';
import { strict } from '../../crew/issues.js';
import { decide, definedOnly } from '../decide.js';
import { decisionFields } from '../decision-fields.js';
import type { AppDeps } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { readPrefer } from '../prefer.js';
import { approvalParams, approvalSchema } from '../schemas.js';
import { idempotencyHeader } from './headers.js';

const decisionSchema = strict(decisionFields).openapi('Decision', {
  example: { action: 'reject', by: 'ada', feedback: 'Shorter, and name the source.' },
});

const decideRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: '/v1/runs/{runId}/approvals/{approvalId}',
  operationId: 'decideApproval',
  summary: 'Decide an approval',
  description:
    'Answers at once with the decision, or why it was refused. With `Prefer: respond-async` the decision is sent as a plain signal and 202 says only that it was sent.',
  tags: ['Approvals'],
  request: {
    params: approvalParams,
    headers: idempotencyHeader.extend({
      prefer: z.string().optional().openapi({ description: 'RFC 7240: `respond-async`' }),
    }),
    body: { required: true, content: { 'application/json': { schema: decisionSchema } } },
  },
  responses: {
    200: json(approvalSchema, 'The approval as decided'),
    202: json(
      z.object({ status: z.literal('sent') }).openapi('DecisionSent'),
      'Sent; nothing is known of what became of it',
    ),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

/** `/v1/runs/{runId}/approvals/{approvalId}`. */
export function approvalRoutes(deps: AppDeps) {
  const { runs } = deps;
  return createRouter().openapi(decideRoute, async (context) => {
    const { runId, approvalId } = context.req.valid('param');
    const body = context.req.valid('json');
    if (body.action === 'reject' && body.feedback === undefined) {
      throw new Problem('invalid_decision', 'A rejection needs feedback for the agent to work with', {
        errors: [{ path: 'feedback', message: 'Required with reject: expected a text' }],
      });
    }
    const decision: DecisionInput = { approvalId, ...definedOnly(body) };
    if (readPrefer(context.req.header('prefer')).respondAsync) {
      await runs.signalDecision(DEFAULT_TENANT, runId, decision);
      return context.json({ status: 'sent' as const }, 202, { 'preference-applied': 'respond-async' });
    }
    const key = context.req.valid('header')['idempotency-key'] ?? randomUUID();
    return context.json(await decide(deps, runId, decision, key), 200);
  });
}
