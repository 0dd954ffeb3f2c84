import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { idIn } from '../../src/adapters/temporal/replay.js';
import { Replayer } from '../../src/adapters/temporal/replayer.js';
import { startTelemetry } from '../../src/adapters/telemetry.js';
import { testServer } from '../support/temporal.js';

interface History {
  events: { activityTaskScheduledEventAttributes?: { activityId: string } }[];
}

const saved = (name: string) =>
  JSON.parse(readFileSync(`test/replay/histories/${name}.json`, 'utf8')) as History & object;

/** The same, but that its first activity had another name. */
function broken(): History {
  const history = saved('two-tasks');
  const first = history.events.find((event) => event.activityTaskScheduledEventAttributes);
  if (first?.activityTaskScheduledEventAttributes)
    first.activityTaskScheduledEventAttributes.activityId = 'else/model/1';
  return history;
}

describe('many replays on one worker', () => {
  it('each have their own result, also behind one that broke', async () => {
    const { bundle } = await testServer();
    const replayer = new Replayer({ workflowBundle: bundle, plugins: [startTelemetry('test', false).plugin] });
    const replay = (history: History) => replayer.replay(history, idIn(history) ?? 'one');
    const outcome = (replayed: Promise<void>) =>
      replayed.then(
        () => 'same',
        (error: unknown) => (error instanceof Error ? error.name : 'other'),
      );
    try {
      const histories = [
        saved('two-tasks'),
        saved('two-tasks'),
        broken(),
        saved('cancelled'),
        broken(),
        broken(),
        { events: [] },
        saved('continued-as-new'),
        saved('two-tasks'),
      ];
      const outcomes = await Promise.all(histories.map((history) => outcome(replay(history))));
      const break_ = 'DeterminismViolationError';
      assert.deepEqual(outcomes, ['same', 'same', break_, 'same', break_, break_, 'TypeError', 'same', 'same']);
    } finally {
      await replayer.close();
    }
  });
});
