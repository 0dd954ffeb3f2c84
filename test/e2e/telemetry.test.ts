import assert from 'node:assert/strict';
import { eventually } from '../support/crew-world.js';
import { findJaeger, startJaeger, type Jaeger } from '../support/jaeger.js';
import { startOtlpReceiver, type OtlpReceiver } from '../support/otlp.js';
import { send, sendUntilTaken, startService, type Service } from '../support/service.js';
import { assertWhole, caller, isWhole, named, pathTo } from '../support/traces.js';

const SECRET_WORDS = 'the-word-that-only-content-has';
const worker = { role: 'Worker', goal: 'Work', backstory: 'You work.' };
const asked = (id: string) => ({ description: `DO-${id} ${SECRET_WORDS}`, expected_output: 'Text', agent: 'worker' });
/** One agent that calls a tool, asks a person, and hands on to another task; 12 rounds, so that it continues as new. */
const crew = {
  schemaVersion: 1,
  name: 'traced',
  agents: { worker: { ...worker, tools: ['calculator'] }, writer: worker },
  tasks: {
    a: { ...asked('a'), human_input: true },
    b: { ...asked('b'), agent: 'writer', context: ['a'] },
  },
};
const plain = { schemaVersion: 1, name: 'plain', agents: { worker }, tasks: { c: asked('c') } };
const ROUNDS = 6;
const answers = [
  { when: 'DO-c', text: 'cee', repeat: true },
  { when: 'DO-b', text: 'bee' },
  { when: 'DO-a', hang: true as const },
  ...Array.from({ length: ROUNDS }, (_, at) => ({
    when: 'DO-a',
    tool_calls: [{ name: 'calculator', arguments: { expression: `${at}+1` } }],
  })),
  { when: 'DO-a', text: 'aye' },
];

interface Run {
  status: string;
  endedAt?: string;
  approvals: { id: string; status: string }[];
}

async function readRun(service: Service, runId: string): Promise<Run | undefined> {
  const answer = await send<Run>(service, 'GET', `/v1/runs/${runId}`).catch(() => undefined);
  return answer?.status === 200 ? answer.body : undefined;
}

const endOf = (service: Service, runId: string) =>
  eventually(
    'the run to end',
    async () => {
      const run = await readRun(service, runId);
      return run?.endedAt === undefined ? undefined : run;
    },
    120_000,
  );

describe('telemetry of real processes', function () {
  this.timeout(600_000);
  let receiver: OtlpReceiver;
  let jaeger: Jaeger | undefined;
  let service: Service;

  before(async () => {
    const program = findJaeger();
    jaeger = program === undefined ? undefined : await startJaeger(program);
    receiver = await startOtlpReceiver(jaeger?.otlp);
    service = await startService(
      { answers },
      [crew, plain],
      { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRIC_EXPORT_INTERVAL: '1000' },
      ['limit.historyCount.suggestContinueAsNew=30'],
    );
  });
  after(async () => {
    await service?.stop();
    await receiver?.close();
    await jaeger?.stop();
  });

  it('is one whole trace from the caller to the provider, over two crashes of the worker, one of the gateway, and continue-as-new', async () => {
    const { traceId, spanId, headers } = caller();
    const started = await send<{ runId: string }>(service, 'POST', '/v1/runs', { crew: 'traced', inputs: {} }, headers);
    assert.equal(started.status, 201, JSON.stringify(started.body));
    const { runId } = started.body;
    await eventually('the first call', () => Promise.resolve(service.model.calls().length === 1));
    // Whatever reads meanwhile must not change what a worker that takes over makes of the run.
    for (let times = 0; times < 5; times++) await readRun(service, runId);
    await service.kill('worker');
    await service.start('worker');
    const open = await eventually(
      'the approval',
      async () => (await readRun(service, runId))?.approvals.find(({ status }) => status === 'open'),
      200_000,
    );
    await service.kill('worker');
    await service.kill('gateway');
    await Promise.all([service.start('worker'), service.start('gateway')]);
    const path = `/v1/runs/${runId}/approvals/${encodeURIComponent(open.id)}`;
    const decision = { action: 'approve', by: 'ada' };
    const decided = await sendUntilTaken(service, 'POST', path, decision, { 'idempotency-key': 'k1' });
    assert.equal(decided.status, 200, JSON.stringify(decided.body));
    assert.equal((await endOf(service, runId)).status, 'completed');

    // The last ones come in what order they like.
    await eventually('the last spans', () => {
      const all = receiver.spans(traceId);
      return Promise.resolve(named(all, /^invoke_workflow/).length > 0 && isWhole(all, spanId));
    }).catch(() => undefined);
    const spans = receiver.spans(traceId);
    assertWhole(spans, spanId);
    const runs = named(spans, /^invoke_workflow traced$/);
    const agents = named(spans, /^invoke_agent /);
    assert.equal(runs.length, 1);
    assert.deepEqual(agents.map(({ name }) => name).sort(), ['invoke_agent worker', 'invoke_agent writer']);
    assert.ok(agents.every(({ parentSpanId }) => parentSpanId === runs[0]?.spanId));
    assert.ok(named(spans, /^RunWorkflow:runCrew$/).length >= 2, 'it did not continue as new');
    assert.ok(agents[0] && agents[0].endMs > agents[0].startMs);
    const tools = named(spans, /^execute_tool calculator$/);
    assert.equal(tools.length, ROUNDS);
    assert.ok(tools.every(({ attributes }) => String(attributes['gen_ai.tool.call.id']).startsWith('call_')));

    // The call that hung went with its worker; each that was answered is there, and the provider was told which it is.
    const chats = named(spans, /^chat scripted-model$/);
    assert.equal(chats.length, ROUNDS + 2);
    const calls = service.model.calls().slice(1);
    assert.deepEqual(
      calls.map(({ traceparent }) => traceparent).sort(),
      chats.map((chat) => `00-${traceId}-${chat.spanId}-01`).sort(),
    );
    const [chat] = chats;
    assert.ok(chat);
    assert.equal(chat.kind, 3, 'not a client');
    assert.deepEqual(pathTo(chat, spans), [
      'POST /v1/runs',
      'StartWorkflow:runCrew',
      'RunWorkflow:runCrew',
      'invoke_workflow traced',
      'invoke_agent worker',
      'StartActivity:callModel',
      'RunActivity:callModel',
      'chat scripted-model',
    ]);
    const { attributes } = chat;
    assert.equal(attributes['gen_ai.operation.name'], 'chat');
    assert.equal(attributes['gen_ai.provider.name'], 'openai_compatible');
    assert.equal(attributes['gen_ai.request.model'], 'scripted-model');
    assert.equal(attributes['gen_ai.response.model'], 'scripted-model');
    assert.match(String(attributes['gen_ai.response.id']), /^chatcmpl-/);
    assert.deepEqual(attributes['gen_ai.response.finish_reasons'], ['tool_calls']);
    assert.ok(Number(attributes['gen_ai.usage.input_tokens']) > 0);
    assert.equal(named(spans, /Query/).length, 0);

    if (jaeger) {
      const shown = await eventually('Jaeger to have it', async () => {
        const found = await jaeger?.trace(traceId);
        return found && found.length >= spans.length ? found : undefined;
      });
      assert.deepEqual(shown.map(({ operationName }) => operationName).sort(), spans.map(({ name }) => name).sort());
      const ids = new Set(shown.map(({ spanID }) => spanID));
      const lost = shown.filter(
        ({ references }) => !references.every((of) => ids.has(of.spanID) || of.spanID === spanId),
      );
      assert.deepEqual(lost, []);
    }
  });

  it('says nothing of what people and models said', () => {
    assert.ok(!receiver.raw().includes(SECRET_WORDS));
    assert.ok(!receiver.raw().includes('key-for-tests'));
    assert.ok(!service.output('worker').includes(SECRET_WORDS));
    assert.ok(!service.output('gateway').includes(SECRET_WORDS));
  });

  it('traces nothing where the caller does not want it, and tells the provider so', async () => {
    const { traceId, headers } = caller('00');
    const { body } = await send<{ runId: string }>(service, 'POST', '/v1/runs', { crew: 'plain', inputs: {} }, headers);
    assert.equal((await endOf(service, body.runId)).status, 'completed');
    assert.match(String(service.model.calls().at(-1)?.traceparent), new RegExp(`^00-${traceId}-.*-00$`));
    // A run that is traced comes after it: when its last span is there, the other's would be.
    const next = caller();
    const traced = await send<{ runId: string }>(
      service,
      'POST',
      '/v1/runs',
      { crew: 'plain', inputs: {} },
      next.headers,
    );
    await endOf(service, traced.body.runId);
    await eventually('the next trace', () =>
      Promise.resolve(named(receiver.spans(next.traceId), /^invoke_workflow/).length === 1),
    );
    assert.deepEqual(receiver.spans(traceId), []);
  });

  it('sends its measurements too', async () => {
    const wanted = [
      'gen_ai.client.token.usage',
      'gen_ai.client.operation.duration',
      'crew.runs.started',
      'crew.runs.ended',
      'http.server.request.duration',
      'crew.queue.backlog',
      'crew.approvals.open',
    ];
    await eventually('the metrics', () => {
      const have = receiver.metrics();
      return Promise.resolve(wanted.every((name) => have.includes(name)));
    });
  });

  it('logs JSON, a line each, with the trace in it, and one line for each request', async () => {
    const { traceId, headers } = caller();
    const start = { crew: 'plain', inputs: {} };
    const asking = { ...headers, 'x-request-id': 'asked-1' };
    const { body } = await send<{ runId: string }>(service, 'POST', '/v1/runs', start, asking);
    await endOf(service, body.runId);
    const lines = (part: 'worker' | 'gateway') =>
      service
        .output(part)
        .split('\n')
        // The last one may still be on its way.
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = await eventually('the line of the request', () => {
      const found = lines('gateway').filter(({ requestId }) => requestId === 'asked-1');
      return Promise.resolve(found.length > 0 && found);
    });
    assert.equal(requests.length, 1);
    const [{ level, msg, method, route, status, runId, trace_id: ofTrace, durationMs } = {}] = requests;
    assert.deepEqual(
      { level, msg, method, route, status, runId, ofTrace },
      {
        level: 'info',
        msg: 'request',
        method: 'POST',
        route: '/v1/runs',
        status: 201,
        runId: body.runId,
        ofTrace: traceId,
      },
    );
    assert.equal(typeof durationMs, 'number');
    const ended = await eventually('the line of the end', () =>
      Promise.resolve(lines('worker').find((line) => line['msg'] === 'run ended' && line['runId'] === body.runId)),
    );
    assert.equal(ended['trace_id'], traceId);
    assert.equal(ended['status'], 'completed');
    // Two workers were killed: Temporal's own words about it came as lines of ours.
    assert.ok(lines('worker').every(({ time, part }) => typeof time === 'string' && part === 'worker'));
  });
});

describe('telemetry with content', function () {
  this.timeout(300_000);

  it('says what was said where the operator asks for it', async () => {
    const receiver = await startOtlpReceiver();
    const service = await startService({ answers: [{ when: 'DO-c', text: 'cee' }] }, [plain], {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/v1/traces`,
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
    });
    try {
      const { traceId, headers } = caller();
      const { body } = await send<{ runId: string }>(
        service,
        'POST',
        '/v1/runs',
        { crew: 'plain', inputs: {} },
        headers,
      );
      await endOf(service, body.runId);
      const chat = await eventually('the call', () => Promise.resolve(named(receiver.spans(traceId), /^chat /)[0]));
      const input = JSON.parse(String(chat.attributes['gen_ai.input.messages'])) as { role: string }[];
      assert.deepEqual(
        input.map(({ role }) => role),
        ['system', 'user'],
      );
      assert.ok(JSON.stringify(input).includes(SECRET_WORDS));
      assert.deepEqual(JSON.parse(String(chat.attributes['gen_ai.output.messages'])), [
        { role: 'assistant', parts: [{ type: 'text', content: 'cee' }], finish_reason: 'stop' },
      ]);
    } finally {
      await service.stop();
      await receiver.close();
    }
  });
});
