import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TASK_STATUSES } from '../../../src/contract/views.js';
import { contextOf, nextStep } from '../../../src/crew/plan.js';
import { crewDocument, crewOf } from '../../support/crews.js';

const { definition } = crewOf(crewDocument());
const step = (find: string, write: string) => nextStep(definition, (id) => ({ status: id === 'find' ? find : write }));

describe('the plan of a sequential crew', () => {
  it('starts one task after the other', () => {
    assert.deepEqual(step('pending', 'pending'), { kind: 'start', taskIds: ['find'] });
    assert.deepEqual(step('running', 'pending'), { kind: 'wait' });
    assert.deepEqual(step('waiting_human', 'pending'), { kind: 'wait' });
    assert.deepEqual(step('completed', 'pending'), { kind: 'start', taskIds: ['write'] });
    assert.deepEqual(step('skipped', 'pending'), { kind: 'start', taskIds: ['write'] });
    assert.deepEqual(step('completed', 'completed'), { kind: 'end' });
  });

  it('ends where a task failed', () => {
    assert.deepEqual(step('failed', 'pending'), { kind: 'end' });
    assert.deepEqual(step('cancelled', 'pending'), { kind: 'end' });
  });

  it('starts only what is pending, whatever the statuses', () => {
    const status = fc.constantFrom(...TASK_STATUSES);
    fc.assert(
      fc.property(status, status, (find, write) => {
        const next = step(find, write);
        if (next.kind === 'start') for (const id of next.taskIds) assert.equal(id === 'find' ? find : write, 'pending');
      }),
    );
  });

  it("passes on what context names, else all earlier outputs (CrewAI's rule)", () => {
    assert.deepEqual(contextOf(definition, 'write'), ['find']);
    const document = crewDocument();
    Reflect.deleteProperty(document.tasks['write'] ?? {}, 'context');
    assert.deepEqual(contextOf(crewOf(document).definition, 'write'), ['find']);
    Object.assign(document.tasks['write'] ?? {}, { context: [] });
    assert.deepEqual(contextOf(crewOf(document).definition, 'write'), []);
  });
});
