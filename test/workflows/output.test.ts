import assert from 'node:assert/strict';
import { z } from 'zod';
import { defineGuardrail, defineSchema } from '../../src/authoring/define.js';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import { inCrewWorld, scheduledActivities } from '../support/crew-world.js';
import { adder, crewWith, runToEnd, toolCall } from '../support/engine.js';

const schema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

describe('output_schema', () => {
  it('asks for the schema, takes the JSON out of what is around it, and gives it as it is', async () => {
    const text = 'Here you are:\n```json\n{"name": "Ada", "age": 36}\n```';
    await inCrewWorld({ answers: [{ text }] }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: { output_schema: schema } }));
      assert.equal(ended.view.result?.output, '{"name":"Ada","age":36}');
      assert.equal(ended.view.result.format, 'json');
      assert.match(JSON.stringify(world.model.calls()[0]?.responseFormat), /json_schema/);
    });
  });

  it('feeds what does not fit back, with where and why', async () => {
    const answers = [{ when: 'age', json: { name: 'Ada', age: 36 } }, { json: { name: 'Ada', age: 'old' } }].reverse();
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: { output_schema: schema } }));
      assert.equal(ended.view.result?.output, '{"name":"Ada","age":36}');
      assert.match(JSON.stringify(world.model.calls()[1]?.messages.at(-1)), /age/);
      assert.ok(ended.story.includes('task.retried a'));
    });
  });

  it('gives up after three repairs, with what was wrong', async () => {
    await inCrewWorld({ answers: [{ text: 'no JSON at all', repeat: true }] }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: { output_schema: schema } }));
      assert.equal(ended.view.error?.code, 'Task.SchemaUnmet');
      assert.equal(world.model.calls().length, 4);
    });
  });

  it('takes the name of a schema of the operator, beside tools too', async () => {
    const person = defineSchema({ name: 'person', schema: z.object({ name: z.string() }) });
    const answers = [toolCall('add', { a: 1, b: 1 }), { json: { name: 'Ada' } }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const ended = await runToEnd(world, crewWith({ a: { output_schema: 'person', tools: ['add'] } }));
        assert.equal(ended.view.result?.output, '{"name":"Ada"}');
      },
      { schemas: [person], tools: [adder().tool] },
    );
  });
});

describe('a guardrail', () => {
  const short = defineGuardrail({
    name: 'short',
    check: ({ output }) => (output.length < 10 ? { ok: true } : { ok: false, feedback: 'At most 10 characters.' }),
  });
  const upper = defineGuardrail({ name: 'upper', check: ({ output }) => ({ ok: true, output: output.toUpperCase() }) });

  it('function: sends the output back with its feedback, and may change what it takes', async () => {
    const answers = [{ when: 'At most 10', text: 'short' }, { text: 'much too long a text' }];
    await inCrewWorld(
      { answers },
      async (world) => {
        const guardrail = [{ function: 'short' }, { function: 'upper' }];
        const ended = await runToEnd(world, crewWith({ a: { guardrail } }));
        assert.equal(ended.view.result?.output, 'SHORT');
        assert.equal(ended.task('a').attempts.length, 2);
        assert.equal(ended.task('a').attempts[0]?.sentBack?.by, 'guardrail');
        // Both functions are one activity.
        assert.deepEqual(scheduledActivities(await world.history(ended.runId)), [
          ...['a/model/1', 'a/check/1', 'a/model/2', 'a/check/2'],
        ]);
      },
      { guardrails: [short, upper] },
    );
  });

  it('fails the task after guardrail_max_retries, with the exact number of calls', async () => {
    await inCrewWorld(
      { answers: [{ text: 'always much too long', repeat: true }] },
      async (world) => {
        const crew = crewWith({ a: { guardrail: { function: 'short' }, guardrail_max_retries: 2 } });
        const ended = await runToEnd(world, crew);
        assert.equal(ended.view.error?.code, 'Task.GuardrailUnmet');
        assert.equal(world.model.calls().length, 3);
        assert.equal(ended.view.usage.calls, 3);
      },
      { guardrails: [short] },
    );
  });

  it('text: a model judges', async () => {
    const answers = [
      { when: 'Does the text keep to the rule', json: { reasons: 'It shouts.', valid: false } },
      { when: 'Does the text keep to the rule', json: { reasons: '', valid: true } },
      { when: 'It shouts.', text: 'hello' },
      { text: 'HELLO' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crewWith({ a: { guardrail: 'It must not shout' } }));
      assert.equal(ended.view.result?.output, 'hello');
      assert.equal(world.model.calls().length, 4);
      assert.equal(ended.task('a').usage.calls, 4);
    });
  });

  it('that throws fails the task and shows nothing internal', async () => {
    const broken = defineGuardrail({
      name: 'broken',
      check: () => {
        throw new Error('it is Monday');
      },
    });
    await inCrewWorld(
      { answers: [{ text: 'A' }] },
      async (world) => {
        const ended = await runToEnd(world, crewWith({ a: { guardrail: { function: 'broken' } } }));
        assert.equal(ended.view.error?.code, 'Task.CheckFailed');
        assert.doesNotMatch(JSON.stringify(ended.view), /at .*\.ts/);
      },
      { guardrails: [broken] },
    );
  });
});

describe('output_file', () => {
  it('keeps the output in the store under its name', async () => {
    await inCrewWorld({ answers: [{ text: '# Tea' }] }, async (world) => {
      const crew = crewWith(
        { a: { output_file: 'reports/{topic}.md', description: 'DO-a {topic}' } },
        { inputs: ['topic'] },
      );
      const ended = await runToEnd(world, crew, { topic: 'tea' });
      const artifact = ended.task('a').artifact;
      assert.equal(artifact?.path, 'reports/tea.md');
      assert.equal(await world.store.getText(DEFAULT_TENANT, artifact.ref.ref), '# Tea');
    });
  });
});
