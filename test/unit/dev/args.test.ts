import assert from 'node:assert/strict';
import { parseDevArgs, UsageError } from '../../../src/dev/args.js';

describe('the command line of npm start', () => {
  it('has a topic of its own and stays up unless told otherwise', () => {
    const { once, topic, help } = parseDevArgs([]);
    assert.deepEqual([once, help], [false, false]);
    assert.ok(topic.length > 0);
  });

  it('takes --once and a topic', () => {
    assert.deepEqual(parseDevArgs(['--once', '--topic', ' solar power ']), {
      once: true,
      topic: 'solar power',
      help: false,
    });
    assert.equal(parseDevArgs(['--topic=-5 degrees']).topic, '-5 degrees');
  });

  for (const [args, expected] of [
    [['--onec'], /Unknown option --onec/],
    [['--topic', 'solar', 'power'], /Unexpected argument "power".*quotes/],
    [['--topic', '  '], /--topic needs a text/],
    [['--topic'], /--topic/],
    [['--once=yes'], /--once/],
  ] as const) {
    it(`refuses ${args.join(' ')}, saying why`, () => {
      assert.throws(
        () => parseDevArgs(args),
        (error: Error) => error instanceof UsageError && expected.test(error.message),
      );
    });
  }
});
