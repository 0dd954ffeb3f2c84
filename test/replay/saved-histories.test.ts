import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { idIn } from '../../src/adapters/temporal/replay.js';
import { replay } from '../support/temporal.js';
import { SCENARIOS } from './scenarios.js';

const FOLDER = new URL('./histories/', import.meta.url);

const saved = (name: string) =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as { events: object[] };

const WORKFLOW_ID = 'crew/default/saved';

describe('saved histories', () => {
  for (const name of Object.keys(SCENARIOS)) {
    it(`replay on today's code: ${name}`, () => replay(saved(name), idIn(saved(name)) ?? WORKFLOW_ID));
  }

  it('are each of a scenario, so that it is known how they were made', () => {
    const files = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
    assert.deepEqual(files.sort(), Object.keys(SCENARIOS).sort());
  });

  it('do not replay when the order of work was another: the gate can fail', async () => {
    const text = JSON.stringify(saved('two-tasks')).replaceAll('find/model/1', 'else/model/1');
    await assert.rejects(replay(JSON.parse(text) as object, WORKFLOW_ID), /[Nn]ondeterminism|DeterminismViolation/);
  });
});
