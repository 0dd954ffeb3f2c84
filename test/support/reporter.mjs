import { mkdirSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const { Spec } = Mocha.reporters;

/** Mocha's spec reporter, and the counts as `build/test-report.json`, for whoever asks how many tests ran. */
export default class SpecWithReport extends Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      mkdirSync('build', { recursive: true });
      writeFileSync(
        'build/test-report.json',
        `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`,
      );
    });
  }
}
