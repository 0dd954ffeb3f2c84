import assert from 'node:assert/strict';
import { z } from 'zod';
import { definedTools } from '../../../src/adapters/tools/defined.js';
import { createToolRunner } from '../../../src/adapters/tools/runner.js';
import type { ToolSource } from '../../../src/adapters/tools/source.js';
import { defineTool } from '../../../src/authoring/index.js';
import { ToolCallError } from '../../../src/contract/tool-error.js';
import type { DescribedTool, ToolOutcome } from '../../../src/ports.js';
import { callOptions, failureOf } from './support.js';

const upper = defineTool({
  name: 'upper',
  description: 'Makes capitals.',
  input: z.object({ text: z.string().describe('The text') }),
  idempotent: true,
  cache: true,
  timeoutMs: 7_000,
  run: ({ text }) => text.toUpperCase(),
});

/** A source as an MCP server's: tools with JSON Schemas, described by asking. */
function server(
  parameters: () => object,
  answer: (args: Record<string, unknown>, signal: AbortSignal) => ToolOutcome | Promise<ToolOutcome>,
) {
  const calls: Record<string, unknown>[] = [];
  let described = 0;
  const describe = (name: string): DescribedTool => ({
    name,
    description: 'Served.',
    parameters: parameters() as Record<string, unknown>,
    timeoutMs: 1_000,
    idempotent: false,
    cacheable: false,
    resultAsAnswer: false,
  });
  let closed = false;
  const source: ToolSource = {
    names: () => ({ tools: [], servers: ['srv'] }),
    owns: (name) => name.startsWith('srv/'),
    describe(names) {
      described++;
      const all = names.flatMap((name) => (name === 'srv/*' ? ['srv/one', 'srv/two'] : [name]));
      return Promise.resolve(all.map(describe));
    },
    async call(_name, args, { signal }) {
      calls.push(args);
      return answer(args, signal);
    },
    close() {
      closed = true;
      return Promise.reject(new Error('was gone already'));
    },
  };
  return { source, calls, described: () => described, closed: () => closed };
}

const counted = () => ({ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] });

describe('tool runner', () => {
  it('describes the tools of all sources, each once', async () => {
    const { source } = server(counted, () => ({ content: '' }));
    const runner = createToolRunner({ sources: [definedTools([upper]), source] });
    assert.deepEqual(runner.names(), { tools: ['upper'], servers: ['srv'] });
    const described = await runner.describe(['upper', 'srv/one', 'srv/*', 'upper'], new AbortController().signal);
    assert.deepEqual(
      described.map(({ name }) => name),
      ['upper', 'srv/one', 'srv/two'],
    );
    assert.deepEqual(described[0], {
      name: 'upper',
      description: 'Makes capitals.',
      parameters: {
        type: 'object',
        properties: { text: { type: 'string', description: 'The text' } },
        required: ['text'],
      },
      timeoutMs: 7_000,
      idempotent: true,
      cacheable: true,
      resultAsAnswer: false,
    });
  });

  it('names the nearest tool where there is none of a name', async () => {
    const { source } = server(counted, () => ({ content: '' }));
    const runner = createToolRunner({ sources: [definedTools([upper]), source] });
    for (const name of ['uper', 'Upper', 'toString']) {
      const failure = await failureOf(runner.call(name, {}, callOptions()));
      assert.equal(failure.reason, 'not_found');
    }
    const failure = await failureOf(runner.describe(['uper'], new AbortController().signal));
    assert.equal(failure.message, "There is no tool 'uper'. Did you mean 'upper'?");
  });

  it('checks arguments by JSON Schema where a source does not, and says what is wrong', async () => {
    const { source, calls } = server(
      () => ({
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { n: { type: 'integer' }, how: { enum: ['fast', 'slow'] }, at: { type: 'object' } },
        required: ['n'],
        additionalProperties: false,
      }),
      () => ({ content: 'done' }),
    );
    const runner = createToolRunner({ sources: [source] });
    await runner.call('srv/one', { n: '5', how: 'Fast', at: '{"x":1}' }, callOptions());
    assert.deepEqual(calls, [{ n: 5, how: 'fast', at: { x: 1 } }]);
    const failure = await failureOf(runner.call('srv/one', { m: 5, how: 'never' }, callOptions()));
    assert.equal(failure.reason, 'invalid_arguments');
    for (const part of ['n: required', "m: unknown, did you mean 'n'?", 'how: expected one of ["fast","slow"]']) {
      assert.ok(failure.message.includes(part), failure.message);
    }
    assert.equal(calls.length, 1);
  });

  it('asks a source once for a schema, and again before it refuses by one that may be old', async () => {
    let schema = counted();
    const { source, calls, described } = server(
      () => schema,
      () => ({ content: 'done' }),
    );
    const runner = createToolRunner({ sources: [source] });
    await runner.call('srv/one', { n: 1 }, callOptions());
    await runner.call('srv/one', { n: 2 }, callOptions());
    assert.equal(described(), 1);
    schema = { type: 'object', properties: { n: { type: 'string' } }, required: ['n'] };
    await runner.call('srv/one', { n: 'three' }, callOptions());
    assert.deepEqual([calls.length, described()], [3, 2]);
  });

  it('leaves arguments to the source where its schema cannot be read', async () => {
    const { source, calls } = server(
      () => ({ type: 'object', properties: { n: { $ref: '#/nowhere' } } }),
      () => ({ content: '' }),
    );
    await createToolRunner({ sources: [source] }).call('srv/one', { n: 'x' }, callOptions());
    assert.deepEqual(calls, [{ n: 'x' }]);
  });

  it('cuts what is too long and says so, and takes out what no store takes', async () => {
    const { source } = server(
      () => ({}),
      ({ what }) => ({ content: what === 'long' ? 'x'.repeat(1_000_050) : 'a\0b\uD800c', isError: true }),
    );
    const runner = createToolRunner({ sources: [source] });
    const { content } = await runner.call('srv/one', { what: 'long' }, callOptions());
    assert.match(content.slice(999_990), /^x{10}\n\[Cut after 1000000 of 1000050 characters\.\]$/);
    assert.deepEqual(await runner.call('srv/one', {}, callOptions()), { content: 'a\uFFFDb\uFFFDc', isError: true });
  });

  it('ends a call at its time, of a source that does not listen too', async () => {
    let heard: AbortSignal | undefined;
    const { source } = server(counted, (_args, signal) => {
      heard = signal;
      return new Promise(() => undefined);
    });
    const call = createToolRunner({ sources: [source] }).call('srv/one', { n: 1 }, callOptions({ timeoutMs: 20 }));
    assert.equal((await failureOf(call)).reason, 'timed_out');
    assert.equal(heard?.aborted, true);
  });

  it("fails with the signal's reason where the caller gives up", async () => {
    const stop = new AbortController();
    const reason = new Error('the run was cancelled');
    const { source } = server(counted, () => {
      stop.abort(reason);
      return Promise.reject(new Error('AbortError of some library'));
    });
    const runner = createToolRunner({ sources: [source] });
    await assert.rejects(runner.call('srv/one', { n: 1 }, callOptions({ signal: stop.signal })), reason);
    await assert.rejects(runner.call('srv/one', { n: 1 }, callOptions({ signal: stop.signal })), reason);
  });

  it('passes on what a source says of its failures, and puts all others into words', async () => {
    const errors = [new ToolCallError('unavailable', 'srv is down'), new Error('odd'), 'a text'];
    const { source } = server(counted, () => {
      throw errors.shift();
    });
    const runner = createToolRunner({ sources: [source] });
    const seen: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { reason, message } = await failureOf(runner.call('srv/one', { n }, callOptions()));
      seen.push(`${reason}: ${message}`);
    }
    assert.deepEqual(seen, ['unavailable: srv is down', 'failed: odd', 'failed: a text']);
  });

  it('closes all sources, whatever they answer', async () => {
    const one = server(counted, () => ({ content: '' }));
    const two = server(counted, () => ({ content: '' }));
    await createToolRunner({ sources: [one.source, definedTools([upper]), two.source] }).close();
    assert.deepEqual([one.closed(), two.closed()], [true, true]);
  });
});
