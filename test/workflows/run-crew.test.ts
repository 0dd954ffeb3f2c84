import assert from 'node:assert/strict';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { DEFAULT_TENANT } from '../../src/contract/ids.js';
import type { RunEvent } from '../../src/contract/events.js';
import { eventually, inCrewWorld, scheduledActivities } from '../support/crew-world.js';
import { crewDocument, crewOf } from '../support/crews.js';
import { lastingEvents } from '../support/histories.js';

describe('workflow runCrew', () => {
  it('runs two tasks in two activities and at most 20 events', async () => {
    const answers = [
      { when: 'FIND', text: 'Tea grows on bushes.', usage: { input_tokens: 11, output_tokens: 5 } },
      { when: 'WRITE', text: 'A text about tea.', usage: { input_tokens: 20, output_tokens: 4 } },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      const { output } = await world.handle(runId).result();
      assert.equal(output, 'A text about tea.');

      const history = await world.history(runId);
      assert.deepEqual(scheduledActivities(history), ['find/model/1', 'write/model/1']);
      const events = lastingEvents(history).length;
      assert.ok(events <= 20, `${events} events`);
      assert.equal(world.model.calls().length, 2);

      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.status, 'completed');
      assert.deepEqual(
        view.tasks.map(({ status }) => status),
        ['completed', 'completed'],
      );
      assert.deepEqual(view.usage, {
        inputTokens: 31,
        outputTokens: 9,
        cachedInputTokens: 0,
        reasoningTokens: 0,
        calls: 2,
        failedCalls: 0,
        unknownCalls: 0,
        usd: 0,
        durationMs: view.usage.durationMs,
      });
    });
  });

  it('gives the second agent what the first one wrote, and fills in the inputs', async () => {
    const answers = [
      { when: 'FIND', text: 'Tea grows on bushes.' },
      { when: 'WRITE', text: 'done' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()), { topic: 'green tea' });
      await world.handle(runId).result();
      const [find, write] = world.model.calls().map(({ messages }) => JSON.stringify(messages));
      assert.match(find ?? '', /FIND green tea/);
      assert.match(write ?? '', /Notes from the Finder:\\nTea grows on bushes\./);
    });
  });

  it('tells its story as events with no gap in seq', async () => {
    const answers = [
      { when: 'FIND', text: 'facts' },
      { when: 'WRITE', text: 'text' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await world.handle(runId).result();
      const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
      assert.deepEqual(
        events.map(({ type, taskId }) => (taskId === undefined ? type : `${type} ${taskId}`)),
        [
          'run.started',
          ...['task.started find', 'model.called find', 'task.completed find'],
          ...['task.started write', 'model.called write', 'task.completed write'],
          'run.completed',
        ],
      );
      assert.deepEqual(
        events.map(({ seq }) => seq),
        [1, 2, 3, 4, 5, 6, 7, 8],
      );
      assert.deepEqual(
        events.map(({ id }) => id),
        events.map(({ seq }) => `${runId}:${seq}`),
      );
      const later: RunEvent[] = await world.runs.events(DEFAULT_TENANT, runId, 6);
      assert.deepEqual(
        later.map(({ seq }) => seq),
        [7, 8],
      );
    });
  });

  it('fails with the task and its cause where the provider refuses, with one call and no retry', async () => {
    const answers = [{ error: { status: 401, message: 'Incorrect API key provided: sk-abcdefgh12345' } }];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await assert.rejects(world.handle(runId).result(), (error: unknown) => {
        assert.ok(error instanceof WorkflowFailedError);
        assert.ok(error.cause instanceof ApplicationFailure);
        assert.equal(error.cause.type, 'Crew.TaskFailed');
        return true;
      });
      assert.equal(world.model.calls().length, 1);
      // No worker any more: what became of the run must be readable all the same.
      await world.stopWorker();
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.status, 'failed');
      assert.equal(view.error?.code, 'Model.Unauthorized');
      assert.equal(view.error.taskId, 'find');
      assert.doesNotMatch(JSON.stringify(view), /abcdefgh12345/);
      assert.deepEqual(
        view.tasks.map(({ status }) => status),
        ['failed', 'pending'],
      );
      const events = await world.runs.events(DEFAULT_TENANT, runId, 0);
      assert.deepEqual(events.map(({ type }) => type).slice(-2), ['task.failed', 'run.failed']);
    });
  });

  it('waits as long as Retry-After says, shows it, and pays for one answer', async () => {
    const answers = [
      { when: 'FIND coffee', rate_limit: { retry_after_seconds: 600 } },
      { when: 'FIND tea', rate_limit: { retry_after_seconds: 2 } },
      { when: 'FIND tea', text: 'facts' },
      { when: 'WRITE', text: 'text' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const held = await world.start(crewOf(crewDocument()), { topic: 'coffee' });
      const retrying = await eventually('the retry in the view', async () => {
        const record = await world.runs.get(DEFAULT_TENANT, held);
        return record.retrying[0];
      });
      assert.equal(retrying.activityId, 'find/model/1');
      assert.equal(retrying.lastFailure.code, 'Model.RateLimited');
      const runId = await world.start(crewOf(crewDocument()));
      await world.handle(runId).result();
      const [, limited, answered] = world.model.calls();
      assert.ok(limited && answered);
      const waitedMs = Date.parse(answered.at) - Date.parse(limited.at);
      assert.ok(waitedMs >= 1_900, `waited ${waitedMs} ms`);
      assert.deepEqual(scheduledActivities(await world.history(runId)), ['find/model/1', 'write/model/1']);
    });
  });

  it('makes a cut answer again', async () => {
    const answers = [
      { text: 'Tea grows on bushes in many places.', cut_after_chars: 8 },
      { text: 'whole facts' },
      { text: 'text' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await world.handle(runId).result();
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.tasks[0]?.output, 'whole facts');
    });
  });

  it('asks again after an empty answer, max_retry_limit times and no more', async () => {
    const document = crewDocument();
    Object.assign(document.agents.finder, { max_retry_limit: 1 });
    await inCrewWorld({ answers: [{ text: ' ', repeat: true }] }, async (world) => {
      const runId = await world.start(crewOf(document));
      await assert.rejects(world.handle(runId).result());
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.error?.code, 'Model.EmptyAnswer');
      assert.equal(world.model.calls().length, 2);
      assert.equal(view.usage.calls, 2);
    });
  });

  it('stops working at max_execution_time', async () => {
    const document = crewDocument();
    Object.assign(document.agents.finder, { max_execution_time: 1 });
    await inCrewWorld({ answers: [{ hang: true as const, repeat: true }] }, async (world) => {
      const runId = await world.start(crewOf(document));
      await assert.rejects(world.handle(runId).result());
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.error?.code, 'Task.TimedOut');
    });
  });

  it('cancels the call at the provider, schedules none after, and keeps what was finished', async () => {
    const answers = [
      { when: 'FIND', text: 'facts' },
      { when: 'WRITE', hang: true as const },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await eventually('the second call', () => Promise.resolve(world.model.calls().length === 2));
      await world.handle(runId).cancel();
      await assert.rejects(world.handle(runId).result());
      await eventually('the call to be aborted', () => Promise.resolve(world.model.calls()[1]?.outcome === 'aborted'));
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.status, 'cancelled');
      assert.deepEqual(
        view.tasks.map(({ status }) => status),
        ['completed', 'cancelled'],
      );
      assert.equal(view.tasks[0]?.output, 'facts');
      assert.equal(world.model.calls().length, 2);
    });
  });

  it('can be read after it was terminated', async () => {
    await inCrewWorld({ answers: [{ hang: true as const }] }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await eventually('the call', () => Promise.resolve(world.model.calls().length === 1));
      await world.handle(runId).terminate('by an operator');
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.status, 'terminated');
      assert.equal(view.tasks[0]?.status, 'cancelled');
    });
  });

  it('reads a run whose closing record is too large for its result', async () => {
    const texts = ['one', 'two', 'three'].map((word) => `${word} ${'x'.repeat(3_000)}`);
    const document = crewDocument();
    document.tasks = Object.fromEntries(
      Array.from({ length: 24 }, (_, at) => [`t${at}`, { ...document.tasks['find'], context: [] }]),
    );
    await inCrewWorld({ answers: texts.map((text) => ({ text, repeat: true, when: 'FIND' })) }, async (world) => {
      const runId = await world.start(crewOf(document));
      const { closing } = await world.handle(runId).result();
      assert.ok(closing && 'ref' in closing, 'the closing record is in the store');
      await world.stopWorker();
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      assert.equal(view.tasks.length, 24);
      assert.equal(view.tasks[0]?.output, texts[0]);
      assert.equal((await world.runs.events(DEFAULT_TENANT, runId, 0)).length, view.lastSeq);
    });
  });

  it('keeps long outputs in the store, and only their digests in the history', async () => {
    const long = `Tea. ${'x'.repeat(50_000)}`;
    await inCrewWorld({ answers: [{ text: long }, { text: 'short' }] }, async (world) => {
      const runId = await world.start(crewOf(crewDocument()));
      await world.handle(runId).result();
      const { view } = await world.runs.get(DEFAULT_TENANT, runId);
      const ref = view.tasks[0]?.outputRef;
      assert.equal(ref?.chars, long.length);
      assert.equal(await world.store.getText(DEFAULT_TENANT, ref.ref), long);
      assert.ok(JSON.stringify(world.model.calls()[1]?.messages).includes(long), 'the second agent read all of it');
      assert.ok(JSON.stringify(await world.history(runId)).length < 40_000, 'the history does not carry it');
    });
  });
});
