import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemporalClient } from '../../src/adapters/temporal/connection.js';
import { readInput } from '../../src/adapters/temporal/control.js';
import { workflowIdOf } from '../../src/contract/ids.js';
import { RUN_CREW } from '../../src/contract/messages.js';
import { eventually } from '../support/crew-world.js';
import { findPrometheus, promtool, startPrometheus, type Prometheus } from '../support/prometheus.js';
import { send, startService, type Service } from '../support/service.js';

const worker = { role: 'Worker', goal: 'Work', backstory: 'You work.' };
const asked = (id: string) => ({ description: `DO-${id}`, expected_output: 'Text', agent: 'worker' });
const one = {
  schemaVersion: 1,
  name: 'one',
  agents: { worker: { ...worker, tools: ['calculator'] } },
  tasks: { a: asked('a') },
};
const two = { schemaVersion: 1, name: 'two', agents: { worker }, tasks: { b: { ...asked('b'), human_input: true } } };
const broken = { schemaVersion: 1, name: 'broken', agents: { worker }, tasks: { c: asked('c') } };
const usage = { input_tokens: 1_000, output_tokens: 100 };
/** US dollars per million tokens: a call costs 0.0028. */
const prices = { input: 2, output: 8 };
const answers = [
  { when: 'DO-a', tool_calls: [{ name: 'calculator', arguments: { expression: '1+1' } }], usage },
  { when: 'DO-a', text: 'aye', usage },
  { when: 'DO-b', text: 'bee', usage, repeat: true },
  { when: 'DO-c', error: { status: 401, message: 'no' }, repeat: true },
];

interface Dashboard {
  panels: { title: string; type: string; targets?: { expr: string }[] }[];
}

/** Every expression of the dashboard, as Grafana would ask it. */
function dashboardQueries(): { title: string; expr: string }[] {
  const text = readFileSync('deploy/grafana/agent-orchestration-service.json', 'utf8');
  const { panels } = JSON.parse(text) as Dashboard;
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      title,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1m').replaceAll('$crew', '.*'),
    })),
  );
}

describe('metrics', function () {
  this.timeout(180_000);
  const programs = findPrometheus();
  if (programs === undefined) {
    it('needs Prometheus: install it (Debian: apt-get install prometheus)', function () {
      assert.ok(process.env['REQUIRE_ALL'] !== '1', 'prometheus and promtool are not installed');
      this.skip();
    });
    return;
  }
  let service: Service;
  let prometheus: Prometheus;
  const folder = mkdtempSync(join(tmpdir(), 'models-'));

  before(async () => {
    const file = join(folder, 'models.json');
    writeFileSync(file, JSON.stringify({ models: { 'scripted-model': { model: 'openai/scripted-model', prices } } }));
    service = await startService({ answers }, [one, two, broken], { MODELS_CONFIG: file });
    const targets = { 'crew-gateway': new URL(service.api).host, 'crew-worker': `127.0.0.1:${service.metricsPort}` };
    prometheus = await startPrometheus(programs, targets);
  });
  after(async () => {
    await prometheus?.stop();
    await service?.stop();
    rmSync(folder, { recursive: true });
  });

  const start = async (crew: string) => {
    const { body } = await send<{ runId: string }>(service, 'POST', '/v1/runs', { crew, inputs: {} });
    return body.runId;
  };
  const valueOf = async (expression: string) => Number((await prometheus.query(expression))[0]?.value[1]);
  const becomes = (expression: string, value: number) =>
    eventually(`${expression} to be ${value}`, async () => (await valueOf(expression)) === value);

  it('count runs, calls, tokens, people and requests once each, whatever a Prometheus asks', async () => {
    await Promise.all([start('one'), start('broken')]);
    await becomes('sum(crew_runs_ended_total{crew_name="one",crew_status="completed"})', 1);
    await becomes('sum(crew_runs_ended_total{crew_name="broken",crew_status="failed"})', 1);
    await becomes('sum(crew_runs_started_total)', 2);
    await becomes('sum(crew_run_duration_seconds_count)', 2);
    await becomes('sum(gen_ai_client_token_usage_sum{gen_ai_token_type="input"})', 2_000);
    await becomes('sum(gen_ai_client_token_usage_sum{gen_ai_token_type="output"})', 200);
    await eventually(
      'the cost',
      async () => (await valueOf('sum(crew_cost_usd_total{crew_name="one"})')).toFixed(6) === '0.005600',
    );
    await becomes('sum(gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",error_type=""})', 2);
    await becomes('sum(gen_ai_client_operation_duration_seconds_count{error_type="unauthorized"})', 1);
    await becomes('sum(gen_ai_client_operation_duration_seconds_count{gen_ai_tool_name="calculator"})', 1);
    await becomes(
      'sum(http_server_request_duration_seconds_count{http_route="/v1/runs",http_request_method="POST"})',
      2,
    );
  });

  it('show who waits, over a crash of the worker, and how long people took', async () => {
    const runId = await start('two');
    await becomes('max(crew_approvals_open{kind="task_output"})', 1);
    await becomes('max(crew_runs_waiting)', 1);
    await service.kill('worker');
    // Nobody works: what is to be done waits, and is seen to.
    const other = await start('two');
    await becomes('max(crew_queue_backlog{type="workflow"})', 1);
    await eventually('Prometheus to miss the worker', async () => (await valueOf('up{job="crew-worker"}')) === 0);
    await service.start('worker');
    await becomes('max(crew_approvals_open{kind="task_output"})', 2);
    for (const id of [runId, other]) {
      const path = `/v1/runs/${id}/approvals`;
      const run = await send<{ approvals: { id: string }[] }>(service, 'GET', `/v1/runs/${id}`);
      const approvalId = encodeURIComponent(run.body.approvals[0]?.id ?? '');
      const decision = { action: 'approve', by: 'ada' };
      // A worker that has just come up may answer too late: then the same key is sent again, as the answer says.
      const decided = await eventually('the decision to be taken', async () => {
        const answer = await send(service, 'POST', `${path}/${approvalId}`, decision, { 'idempotency-key': 'k' });
        return answer.status !== 503 && answer;
      });
      assert.equal(decided.status, 200);
    }
    await becomes('sum(crew_approval_wait_seconds_count{outcome="decided"})', 2);
    await becomes('max(crew_approvals_open{kind="task_output"})', 0);
    // The worker that took over counted the first run's end, and not its beginning again.
    await becomes('sum(crew_runs_started_total{job="crew-worker",crew_name="two"})', 1);
    await becomes('sum(crew_runs_ended_total{crew_name="two"})', 2);
  });

  it('count every end once, also of runs that were ended from outside', async () => {
    const [stopped, terminated] = [await start('two'), await start('two')];
    // Where there is an execution timeout, it is of whoever starts the workflow: here of the test.
    await becomes('max(crew_approvals_open{kind="task_output"})', 2);
    const before = await valueOf('sum(crew_runs_ended_total)');
    const { client } = service.server.env;
    await client.workflow.start(RUN_CREW, {
      workflowId: workflowIdOf('default', 'times-out'),
      taskQueue: 'service',
      args: [
        { ...(await readInput(client as TemporalClient, workflowIdOf('default', terminated))), runId: 'times-out' },
      ],
      workflowExecutionTimeout: '3s',
    });
    await send(service, 'POST', `/v1/runs/${stopped}/stop`, {});
    await fetch(`${service.api}/v1/runs/${terminated}`, { method: 'DELETE' });
    for (const [status, count] of Object.entries({
      completed: 3,
      failed: 1,
      stopped: 1,
      terminated: 1,
      timed_out: 1,
      cancelled: 0,
    }))
      await becomes(`max by (crew_status) (crew_runs_closed_total{crew_status="${status}"})`, count);
    // The workers heard of one of the three.
    assert.equal(await valueOf('sum(crew_runs_ended_total)'), before + 1);
    await becomes('max(crew_approvals_open{kind="task_output"})', 0);
  });

  it('are as Prometheus wants them, and have no ids in their labels', async () => {
    const scrapes = [`${service.api}/metrics`, `http://127.0.0.1:${service.metricsPort}/metrics`];
    for (const url of scrapes) {
      const response = await fetch(url);
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
      const text = await response.text();
      // promtool also has opinions on names; ours are OpenTelemetry's and Temporal's. What it cannot read is an error.
      const said = await promtool(programs, ['check', 'metrics'], text).catch((error: Error) => error.message);
      assert.doesNotMatch(said, /error while linting|text format parsing|second HELP|second TYPE|invalid/);
      assert.deepEqual(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-.*/.exec(text), null);
    }
    const core = await (await fetch(scrapes[1] ?? '')).text();
    assert.match(core, /^temporal_worker_task_slots_available\{/m);
  });

  it('are what the dashboard and the alerts ask for', async () => {
    await promtool(programs, ['check', 'rules', 'deploy/prometheus/alerts.yaml']);
    await promtool(programs, ['test', 'rules', 'deploy/prometheus/alerts.test.yaml']);
    await promtool(programs, ['check', 'config', '--syntax-only', 'deploy/prometheus/prometheus.example.yaml']);
    const names = new Set(await prometheus.api<string[]>('/api/v1/label/__name__/values'));
    // No workflow task failed here.
    names.add('temporal_workflow_task_execution_failed_total');
    const rules = readFileSync('deploy/prometheus/alerts.yaml', 'utf8');
    const asked = dashboardQueries();
    assert.ok(asked.length > 20);
    for (const { title, expr } of asked) {
      await prometheus.query(expr).catch((error: Error) => assert.fail(`${title}: ${error.message}`));
    }
    for (const text of [rules, ...asked.map(({ expr }) => expr)]) {
      for (const [name] of text
        .replaceAll(/by \([^)]*\)/g, '')
        .matchAll(/\b(crew|gen_ai|http_server|temporal)_[a-z_]+(?=[{[)])/g))
        assert.ok(names.has(name), `nothing measures ${name}`);
    }
    const { groups } = await prometheus.api<{ groups: { rules: { health: string }[] }[] }>('/api/v1/rules');
    assert.ok(groups.flatMap(({ rules: all }) => all).every(({ health }) => health === 'ok'));
  });
});
