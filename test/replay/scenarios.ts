import { batchWorkflowId, scheduledWorkflowId, threadWorkflowId } from '../../src/contract/coordination.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { ScriptInput } from '../../src/scripted-model/script.js';
import type { CrewWorld, WorldParts } from '../support/crew-world.js';
import { eventually, openApproval } from '../support/crew-world.js';
import { answersAfter, gatewayOf, sayer, untilCalled } from '../support/coordination.js';
import { catalogOf, crewDocument, crewOf, uniqueName } from '../support/crews.js';
import { adder, crewWith, runToEnd, toolCall } from '../support/engine.js';
import { defineGuardrail } from '../../src/authoring/define.js';
import { serverWith } from '../support/temporal.js';

/** One run that shows one feature, for a saved history. */
export interface Scenario {
  answers: ScriptInput['answers'];
  /** What its worker has besides. */
  parts?: () => Promise<WorldParts> | WorldParts;
  /** Plays the run to its end, and gives its id; or the workflow id of something else that is to be saved. */
  play(world: CrewWorld): Promise<string>;
}

const facts = { when: 'FIND', text: 'facts' };

async function ended(world: CrewWorld, runId: string): Promise<string> {
  await world
    .handle(runId)
    .result()
    .catch(() => undefined);
  return runId;
}

/** By name of the saved file. */
export const SCENARIOS: Record<string, Scenario> = {
  'two-tasks': {
    answers: [facts, { when: 'WRITE', text: 'text' }],
    play: async (world) => ended(world, await world.start(crewOf(crewDocument()))),
  },
  published: {
    answers: [facts, { when: 'WRITE', text: 'text' }],
    parts: () => ({ outbox: { put: () => Promise.resolve() }, publishOf: () => Promise.resolve({ sinks: ['kafka'] }) }),
    play: async (world) => {
      const document = crewDocument();
      Object.assign(document.tasks['write'] ?? {}, { human_input: true });
      const runId = await world.start(crewOf(document));
      const { id } = await openApproval(world, runId);
      await world.runs.decide(DEFAULT_TENANT, runId, { approvalId: id, action: 'approve', by: 'ada' }, 'key-1');
      return ended(world, runId);
    },
  },
  'task-failed': {
    answers: [facts, { error: { status: 401, message: 'no' } }],
    play: async (world) => ended(world, await world.start(crewOf(crewDocument()))),
  },
  'empty-answer-retried': {
    answers: [{ text: ' ' }, facts, { when: 'WRITE', text: 'text' }],
    play: async (world) => ended(world, await world.start(crewOf(crewDocument()))),
  },
  cancelled: {
    answers: [facts, { when: 'WRITE', hang: true }],
    play: async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await eventually('the second call', () => Promise.resolve(world.model.calls().length === 2));
      await world.handle(runId).cancel();
      return ended(world, runId);
    },
  },
  'rejected-by-update-approved-by-signal': {
    answers: [facts, { when: 'WRITE', text: 'draft' }, { when: 'shorter', text: 'short' }],
    play: async (world) => {
      const document = crewDocument();
      Object.assign(document.tasks['write'] ?? {}, { human_input: true });
      const runId = await world.start(crewOf(document));
      const first = await openApproval(world, runId);
      const rejection = { approvalId: first.id, action: 'reject', by: 'ada', feedback: 'shorter' } as const;
      await world.runs.decide(DEFAULT_TENANT, runId, rejection, 'key-1');
      const second = await openApproval(world, runId);
      await world.runs.signalDecision(DEFAULT_TENANT, runId, { approvalId: second.id, action: 'approve', by: 'bob' });
      return ended(world, runId);
    },
  },
  'parallel-with-a-failure': {
    answers: [
      { when: 'DO-a', error: { status: 401, message: 'no' } },
      { when: 'DO-b', text: 'B' },
      { when: 'DO-d', text: 'D' },
    ],
    play: async (world) => {
      const tasks = {
        a: { on_failure: 'skip_dependents' },
        b: {},
        c: { context: ['a'] },
        d: { context: ['b'], condition: 'outputs.b.raw == "B"' },
      };
      return (await runToEnd(world, crewWith(tasks, { process: 'parallel' }))).runId;
    },
  },
  'tools-and-delegation': {
    answers: [
      { when: 'Three.', text: 'Done.' },
      { when: '{"sum":3}', text: 'Three.' },
      toolCall('add', { a: 1, b: 2 }, 'hands you this work'),
      toolCall('delegate_work_to_coworker', { task: 'Add', context: '1 and 2', coworker: 'Helper' }),
    ],
    parts: () => ({ tools: [adder().tool] }),
    play: async (world) => {
      const crew = crewWith({ a: {} }, {}, { allow_delegation: true });
      const { definition } = crew;
      const helper = { ...definition.agents['worker'], role: 'Helper', allow_delegation: false, tools: ['add'] };
      const both = crewOf({ ...definition, agents: { ...definition.agents, helper } });
      return (await runToEnd(world, both)).runId;
    },
  },
  'hierarchical-sent-back': {
    answers: [
      {
        when: 'Give each task to one agent',
        json: { assignments: [{ task: 'a', agent: 'worker', instructions: 'Go.' }] },
      },
      { when: 'Is this what was expected?', json: { reasons: 'No.', accepted: false } },
      { when: 'Is this what was expected?', json: { reasons: '', accepted: true } },
      { when: 'This was not accepted', text: 'second' },
      { when: 'DO-a', text: 'first' },
    ],
    play: async (world) => (await runToEnd(world, crewWith({ a: {} }, { process: 'hierarchical' }))).runId,
  },
  'schema-guardrail-and-artifact': {
    answers: [{ text: 'no JSON' }, { json: { n: 1 } }, { json: { n: 2 } }],
    parts: () => ({
      guardrails: [
        defineGuardrail({
          name: 'two',
          check: ({ output }) => (output.includes('2') ? { ok: true } : { ok: false, feedback: 'Two.' }),
        }),
      ],
    }),
    play: async (world) => {
      const output_schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
      const task = { output_schema, guardrail: { function: 'two' }, output_file: 'n.json' };
      return (await runToEnd(world, crewWith({ a: task }))).runId;
    },
  },
  'budget-paused-and-aborted': {
    answers: [
      { when: 'DO-a', text: 'A' },
      { when: 'DO-b', text: 'B' },
    ],
    play: async (world) => {
      const budget = { model_calls: 1, on_exceed: 'pause' };
      const runId = await world.start(crewWith({ a: {}, b: {}, c: {} }, { budget }), {});
      const first = await openApproval(world, runId);
      await world.runs.decide(DEFAULT_TENANT, runId, { approvalId: first.id, action: 'approve', by: 'ada' }, 'key-1');
      const second = await openApproval(world, runId);
      await world.runs.signalDecision(DEFAULT_TENANT, runId, { approvalId: second.id, action: 'abort', by: 'bob' });
      return ended(world, runId);
    },
  },
  'continued-as-new': {
    answers: [
      ...Array.from({ length: 12 }, (_, at) => toolCall('add', { a: at, b: 1 }, 'DO-b')),
      { when: 'DO-b', text: 'B' },
      { when: 'DO-a', text: 'A' },
    ],
    parts: async () => ({
      tools: [adder().tool],
      server: await serverWith('limit.historyCount.suggestContinueAsNew=40'),
    }),
    play: async (world) => {
      const crew = crewWith({ a: { tools: [] }, b: {} }, { process: 'parallel' }, { tools: ['add'], max_iter: 50 });
      return (await runToEnd(world, crew)).runId;
    },
  },
  'asked-of-tools-answered-and-edited': {
    answers: [
      { when: 'DO-a', ...toolCall('add', { a: 1, b: 2 }) },
      { when: 'DO-a', text: '{"n": 1}' },
      { when: 'DO-b', text: 'B' },
    ],
    parts: () => ({ tools: [adder().tool] }),
    play: async (world) => {
      const output_schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
      const tools = [{ name: 'add', approval: true }];
      const b = { approval: { answer_schema: { type: 'string' } } };
      const runId = await world.start(crewWith({ a: { tools, output_schema, approval: true }, b }), {});
      const signal = async (approvalId: string, more: object) => {
        await eventually(approvalId, async () => (await openApproval(world, runId)).id === approvalId);
        const decision = { approvalId, action: 'approve', by: 'ada', ...more } as const;
        await world.runs.signalDecision(DEFAULT_TENANT, runId, decision);
      };
      await signal('a.tool.1', { action: 'edit', arguments: { a: 3, b: 4 } });
      await signal('a.output.1', { action: 'edit', output: '{"n": 2}' });
      await signal('b.output.1', { answer: 'print' });
      return ended(world, runId);
    },
  },
  'escalated-and-expired': {
    answers: [{ when: 'DO-a', text: 'A' }],
    play: async (world) => {
      const escalation = [{ after: '100ms', notify: ['bob'] }];
      const approval = { escalation, deadline: '2s', on_deadline: 'approve' };
      return (await runToEnd(world, crewWith({ a: { approval } }))).runId;
    },
  },
  'message-and-stop': {
    answers: [
      { when: 'DO-a', text: 'A', delay_ms: 500 },
      { when: 'DO-b', text: 'B' },
    ],
    play: async (world) => {
      const runId = await world.start(crewWith({ a: {}, b: { approval: true }, c: {} }), {});
      await world.runs.message(DEFAULT_TENANT, runId, { text: 'Shorter.', by: 'ada' }, 'm1');
      await openApproval(world, runId);
      await world.runs.stop(DEFAULT_TENANT, runId, { by: 'ada' });
      return ended(world, runId);
    },
  },
  'run-of-a-thread-that-waited': {
    answers: answersAfter(),
    play: async (world) => {
      const { post } = gatewayOf(world);
      const thread = uniqueName('t');
      const start = async (more: object) =>
        (await post('/v1/runs', { crew: 'sayer', inputs: { topic: 'x' }, thread, ...more })).json.runId as string;
      await start({ startAfter: new Date(Date.now() + 500).toISOString() });
      return ended(world, await start({ onBusy: 'enqueue' }));
    },
  },
  thread: {
    answers: answersAfter(),
    play: async (world) => {
      const gateway = gatewayOf(world);
      const thread = uniqueName('t');
      const start = async (topic: string, onBusy: string) =>
        (await gateway.post('/v1/runs', { crew: 'sayer', inputs: { topic }, thread, onBusy })).json.runId as string;
      await start('hang', 'reject');
      await untilCalled(world, 'hang');
      await start('x', 'enqueue');
      await ended(world, await start('y', 'cancelPrevious'));
      const workflowId = threadWorkflowId(DEFAULT_TENANT, thread);
      await world.client.workflow.getHandle(workflowId).result();
      return workflowId;
    },
  },
  batch: {
    answers: [{ when: 'SAY bad', error: { status: 401, message: 'no' } }, ...answersAfter()],
    play: async (world) => {
      const { post } = gatewayOf(world);
      const items = ['a', 'bad', 'hang1', 'hang2', 'hang3'].map((topic) => ({ inputs: { topic } }));
      const { json } = await post('/v1/batches', { crew: 'sayer', items, maxConcurrent: 2 });
      await untilCalled(world, 'hang', 2);
      await post(`/v1/batches/${json.batchId}/cancel`, {});
      const workflowId = batchWorkflowId(DEFAULT_TENANT, json.batchId as string);
      await world.client.workflow.getHandle(workflowId).result();
      return workflowId;
    },
  },
  scheduled: {
    answers: answersAfter(),
    parts: () => ({ crews: catalogOf(sayer) }),
    play: async (world) => {
      const { post, get, send } = gatewayOf(world);
      const id = uniqueName('s').slice(0, 30);
      await post('/v1/schedules', { id, crew: 'sayer', inputs: { topic: 'x' }, cron: ['0 0 1 1 *'] });
      await post(`/v1/schedules/${id}/trigger`, {});
      const runId = await eventually('the run', async () => {
        const [run] = (await get(`/v1/schedules/${id}`)).json?.recentRuns ?? [];
        return run?.status === 'completed' && (run.runId as string);
      });
      await send('DELETE', `/v1/schedules/${id}`);
      const at = runId.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
      const workflowId = scheduledWorkflowId(DEFAULT_TENANT, at);
      await world.client.workflow.getHandle(workflowId).result();
      return workflowId;
    },
  },
};
