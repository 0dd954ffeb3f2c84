import { randomUUID } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { DecisionInput } from '../../contract/wire.js';
import { RunsError } from '../../contract/runs-error.js';
import { APPROVAL_ACTIONS, describeClosed, type ApprovalAction, type ApprovalView } from '../../contract/views.js';
import { MAX_OUTPUT_CHARS } from '../../contract/wire.js';
import { strict } from '../../crew/issues.js';
import type { LinkClaims } from '../../ports.js';
import { tenantIn } from '../caller.js';
import { decide } from '../decide.js';
import { answerIsText, decisionForm, messagePage, PAGE_POLICY, type DecisionForm } from '../decision-page.js';
import type { AppDeps, AppEnv } from '../env.js';
import { Problem } from '../errors.js';
import { jsonOnly } from '../guard.js';
import { createRouter, json, problems } from '../openapi.js';
import { linksFor } from '../resource.js';
import { approvalParams, plainText } from '../schemas.js';

const DAY_SECONDS = 86_400;

const linkRequest = strict({
  by: plainText(200).openapi({ description: 'Who is given the link: the decision is theirs' }),
  actions: z
    .array(z.enum(APPROVAL_ACTIONS, { error: `Expected one of: ${APPROVAL_ACTIONS.join(', ')}` }))
    .min(1, 'Expected at least one action')
    .optional()
    .openapi({ description: 'What they may do; absent: whatever the approval takes' }),
  expiresInSeconds: z
    .int('Expected a whole number of seconds')
    .min(60, 'Expected at least 60')
    .max(30 * DAY_SECONDS, 'Expected at most 30 days')
    .default(3 * DAY_SECONDS),
}).openapi('LinkRequest', {
  example: { by: 'carla@example.com', actions: ['approve', 'reject'], expiresInSeconds: 86_400 },
});

const createLinkRoute = createRoute({
  method: 'post',
  middleware: jsonOnly,
  path: '/v1/runs/{runId}/approvals/{approvalId}/links',
  operationId: 'createApprovalLink',
  summary: 'Make a one-time link for somebody with no account',
  description:
    'Whoever has the link can decide this approval, once. Opening it shows a form and decides nothing, so that previews of links do no harm.',
  tags: ['Approvals'],
  request: {
    params: approvalParams,
    body: { required: true, content: { 'application/json': { schema: linkRequest } } },
  },
  responses: {
    201: json(z.object({ url: z.string(), expiresAt: z.iso.datetime() }).openapi('ApprovalLink'), 'The link'),
    ...problems(400, 404, 409, 413, 415, 422, 503),
  },
});

const tokenParam = z.object({
  token: z
    .string()
    .max(4_000)
    .openapi({ param: { name: 'token', in: 'path' } }),
});
const htmlOf = (description: string) => ({ description, content: { 'text/html': { schema: z.string() } } });
const pages = {
  ...problems(),
  200: htmlOf('The form; or that the decision is taken'),
  404: {
    description: 'This is no link of ours; as a problem where it cannot even be one',
    content: { ...htmlOf('').content, ...problems(404)[404].content },
  },
  410: htmlOf('It has expired, or the approval is closed'),
  422: htmlOf('The form again, with what does not fit'),
  503: htmlOf('Try again soon'),
};
const showRoute = createRoute({
  method: 'get',
  path: '/d/{token}',
  operationId: 'showDecisionForm',
  summary: 'The form of a one-time link',
  tags: ['Approvals'],
  request: { params: tokenParam },
  responses: pages,
});
const sendRoute = createRoute({
  method: 'post',
  path: '/d/{token}',
  operationId: 'sendDecisionForm',
  summary: 'Decide by a one-time link',
  tags: ['Approvals'],
  request: {
    params: tokenParam,
    body: {
      content: {
        'application/x-www-form-urlencoded': {
          schema: z
            .object({
              action: z.string(),
              feedback: z.string().optional(),
              output: z.string().optional(),
              arguments: z.string().optional().openapi({ description: 'JSON' }),
              answer: z.string().optional().openapi({ description: 'JSON, or a text' }),
            })
            .partial()
            .openapi('DecisionForm'),
        },
      },
    },
  },
  responses: { ...pages, ...problems(400, 413) },
});

type Page = ReturnType<typeof messagePage>;
type PageStatus = 200 | 404 | 410 | 422 | 503;

/** One-time links: made at `/v1/runs/{runId}/approvals/{approvalId}/links`, used at `/d/{token}`. */
export function linkRoutes(deps: AppDeps) {
  const { runs, store, links, settings } = deps;
  /** Where a link stands: what it decides, or the page that says why it does not. */
  const open = async (
    token: string,
  ): Promise<(DecisionForm & { claims: LinkClaims }) | { page: Page; status: PageStatus }> => {
    const claims = (await links?.read(token)) ?? 'invalid';
    if (claims === 'invalid') return { page: messagePage('This link is not valid', 'Ask for a new one.'), status: 404 };
    if (claims === 'expired') return { page: messagePage('This link has expired', 'Ask for a new one.'), status: 410 };
    const { view } = await runs.get(claims.tenant, claims.runId);
    const approval = view.approvals.find(({ id }) => id === claims.approvalId);
    if (approval?.status !== 'open') return { page: closedPage(approval), status: 410 };
    const stored = approval.shownRef && (await store.getText(claims.tenant, approval.shownRef.ref));
    const actions = claims.actions.filter((action) => approval.actions.includes(action));
    return { claims, crew: view.crew.name, approval, shown: stored ?? approval.shown, by: claims.by, actions };
  };
  return createRouter()
    .openapi(createLinkRoute, async (context) => {
      const { runId, approvalId } = context.req.valid('param');
      const { by, actions, expiresInSeconds } = context.req.valid('json');
      if (!links)
        throw new Problem(
          'links_not_configured',
          'Set LINK_SECRET to 32 characters or more, the same for all gateways',
        );
      const tenant = tenantIn(context);
      const approval = await requireOpen(deps, tenant, runId, approvalId);
      const untaken = actions?.find((action) => !approval.actions.includes(action));
      if (untaken !== undefined) {
        const message = `This approval takes ${approval.actions.join(', ')}`;
        throw new Problem('invalid_decision', message, { errors: [{ path: 'actions', message }] });
      }
      const expiresAt = Date.now() + expiresInSeconds * 1000;
      const claims = { tenant, runId, approvalId, by, actions: actions ?? approval.actions };
      const token = await links.sign(claims, expiresAt);
      const { self: url } = linksFor(context, settings).decision(token);
      return context.json({ url, expiresAt: new Date(expiresAt).toISOString() }, 201);
    })
    .openapi(showRoute, (context) =>
      answered(context, async () => {
        const found = await open(context.req.valid('param').token);
        return 'page' in found ? found : { page: decisionForm(found), status: 200 };
      }),
    )
    .openapi(sendRoute, (context) =>
      answered(context, async () => {
        const found = await open(context.req.valid('param').token);
        if ('page' in found) return found;
        const sent = Object.fromEntries(
          Object.entries(await context.req.parseBody()).filter(
            (pair): pair is [string, string] => typeof pair[1] === 'string',
          ),
        );
        const again = (...said: string[]) => ({
          page: decisionForm({ ...found, sent, problems: said }),
          status: 422 as const,
        });
        const decision = decisionOf(found, sent);
        if (typeof decision === 'string') return again(decision);
        try {
          const { decision: taken } = await decide(
            deps,
            found.claims.tenant,
            found.claims.runId,
            decision,
            randomUUID(),
          );
          const words = `Taken at ${taken?.at ?? ''}: ${taken?.action ?? ''}. You can close this page.`;
          return { page: messagePage('Thank you', words), status: 200 as const };
        } catch (error) {
          if (error instanceof RunsError && error.reason === 'invalid_decision') return again(error.message);
          if (error instanceof Problem && error.code === 'invalid_decision') {
            return again(...(error.extras.errors ?? []).map(({ path, message }) => `${path}: ${message}`));
          }
          throw error;
        }
      }),
    );
}

/** Answers with a page, also where the run cannot be reached: who has a link knows no API. */
async function answered(context: Context<AppEnv>, work: () => Promise<{ page: Page; status: PageStatus }>) {
  const { page, status } = await work().catch((error: unknown) => {
    if (
      error instanceof RunsError &&
      ['approval_closed', 'run_closed', 'run_not_found', 'record_lost', 'approval_not_found'].includes(error.reason)
    ) {
      return { page: closedPage(error.approval), status: 410 as const };
    }
    const unavailable = error instanceof RunsError || (error instanceof Problem && error.code === 'outcome_unknown');
    if (!unavailable) throw error;
    const words = 'Nothing is lost: go back, and try again in a moment.';
    return { page: messagePage('This cannot be answered right now', words), status: 503 as const };
  });
  context.header('cache-control', 'no-store');
  context.header('content-security-policy', PAGE_POLICY);
  context.header('x-robots-tag', 'noindex, nofollow');
  return context.html(page, status);
}

function closedPage(approval: ApprovalView | undefined): Page {
  return messagePage(
    'There is nothing to decide any more',
    approval ? `${describeClosed(approval)}.` : 'The run has ended.',
  );
}

async function requireOpen(
  { runs }: AppDeps,
  tenant: string,
  runId: string,
  approvalId: string,
): Promise<ApprovalView> {
  const { view } = await runs.get(tenant, runId);
  const approval = view.approvals.find(({ id }) => id === approvalId);
  if (!approval) throw new RunsError('approval_not_found', 'This run has no such approval');
  if (approval.status !== 'open') throw new RunsError('approval_closed', describeClosed(approval), { approval });
  return approval;
}

/** The decision of a form, or what is wrong with it. */
function decisionOf(
  { claims, approval, actions }: DecisionForm & { claims: LinkClaims },
  sent: Record<string, string>,
): DecisionInput | string {
  const action = actions.find((one): one is ApprovalAction => one === sent['action']);
  if (!action) return `Choose one of: ${actions.join(', ')}`;
  const text = (name: string) => (sent[name]?.trim() ? sent[name].replaceAll('\r\n', '\n') : undefined);
  const args = action === 'edit' && approval.kind === 'tool_call' ? parsed(text('arguments')) : undefined;
  if (args !== undefined && (typeof args !== 'object' || args === null || Array.isArray(args))) {
    return 'Arguments: expected a JSON object';
  }
  const { answerSchema } = approval;
  const readAnswer =
    answerSchema !== undefined && answerIsText(answerSchema) ? text : (name: string) => parsed(text(name));
  const answer = action === 'approve' && answerSchema !== undefined ? readAnswer('answer') : undefined;
  const feedback = text('feedback');
  const output = text('output');
  return {
    approvalId: claims.approvalId,
    action,
    by: claims.by,
    byClaimed: false,
    via: 'link',
    ...(action === 'reject' && feedback !== undefined && { feedback: feedback.slice(0, 20_000) }),
    ...(action === 'edit' &&
      approval.kind !== 'tool_call' &&
      output !== undefined && { output: output.slice(0, MAX_OUTPUT_CHARS) }),
    ...(args !== undefined && { arguments: args as Record<string, unknown> }),
    ...(answer !== undefined && { answer }),
  };
}

/** What a person typed: JSON where it is some, else the text. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
