import assert from 'node:assert/strict';
import { inCrewWorld, scheduledActivities } from '../support/crew-world.js';
import { crewOf } from '../support/crews.js';
import { runToEnd, toolCall } from '../support/engine.js';

const agent = (role: string, more: object = {}) => ({ role, goal: `Be the ${role}`, backstory: 'You work.', ...more });

/** A lead who may delegate, and two others. */
function team(lead: object = {}, others: object = {}) {
  return crewOf({
    schemaVersion: 1,
    name: 'team',
    agents: {
      lead: agent('Lead', { allow_delegation: true, ...lead }),
      scout: agent('Senior Scout', others),
      clerk: agent('Clerk', others),
    },
    tasks: { job: { description: 'DO-job', expected_output: 'A result', agent: 'lead' } },
  });
}

const delegate = (coworker: unknown, task: unknown = 'WORK-scout', when?: string) =>
  toolCall('delegate_work_to_coworker', { task, context: 'ctx', coworker }, when);

describe('delegation', () => {
  it('hands work to a coworker by role, whatever its case and spaces, and counts their calls', async () => {
    for (const coworker of ['senior scout', '  "Senior  SCOUT" ', 'scout', { role: 'Senior Scout' }]) {
      const answers = [
        { when: 'Found it.', text: 'Done.' },
        { when: 'hands you this work: WORK-scout', text: 'Found it.' },
        delegate(coworker),
      ];
      await inCrewWorld({ answers }, async (world) => {
        const ended = await runToEnd(world, team());
        assert.equal(ended.view.result?.output, 'Done.', JSON.stringify(coworker));
        assert.deepEqual(scheduledActivities(await world.history(ended.runId)), [
          'job/kit/1',
          'job/model/1',
          'job/delegate/1/model/1',
          'job/model/2',
        ]);
        assert.equal(ended.task('job').usage.calls, 3);
        assert.equal(ended.view.agents['scout']?.calls, 1);
        assert.equal(ended.view.agents['lead']?.calls, 2);
      });
    }
  });

  it('takes task and context as objects', async () => {
    const answers = [
      { when: 'Found it.', text: 'Done.' },
      { when: 'this work: Look there', text: 'Found it.' },
      delegate('Clerk', { description: 'Look there', type: 'string' }),
    ];
    await inCrewWorld({ answers }, async (world) => {
      assert.equal((await runToEnd(world, team())).view.result?.output, 'Done.');
    });
  });

  it('names the coworkers where there is none of that name, with no call of anyone', async () => {
    const answers = [{ when: 'There is no coworker', text: 'Alone then.' }, delegate('Wizard')];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, team());
      assert.equal(ended.view.result?.output, 'Alone then.');
      assert.match(JSON.stringify(world.model.calls()[1]?.messages), /Coworkers: Senior Scout, Clerk/);
    });
  });

  it('keeps to allowed_agents', async () => {
    const answers = [{ when: 'There is no coworker', text: 'Alone then.' }, delegate('Clerk')];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, team({ allowed_agents: ['scout'] }));
      assert.equal(ended.view.result?.output, 'Alone then.');
    });
  });

  it('refuses to hand work back to who is waiting for it, and goes no deeper than two', async () => {
    const answers = [
      { when: 'DEEP-answer', text: 'Done.' },
      { when: 'FROM-clerk', text: 'DEEP-answer' },
      // The clerk, at depth two, has no delegation tools.
      { when: 'WORK-clerk', text: 'FROM-clerk' },
      { when: 'is waiting for you', ...delegate('Clerk', 'WORK-clerk') },
      { when: 'hands you this work: WORK-scout', ...delegate('Lead', 'WORK-back') },
      delegate('Senior Scout'),
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, team({}, { allow_delegation: true }));
      assert.equal(ended.view.result?.output, 'Done.');
      const clerk = world.model.calls().find(({ messages }) => JSON.stringify(messages.at(-1)).includes('WORK-clerk'));
      assert.deepEqual(clerk?.tools, []);
    });
  });

  it('tells the agent where the coworker could not do it', async () => {
    const answers = [
      { when: 'could not do it', text: 'Alone then.' },
      { when: 'WORK-scout', error: { status: 401, message: 'no' } },
      delegate('Senior Scout'),
    ];
    await inCrewWorld({ answers }, async (world) => {
      assert.equal((await runToEnd(world, team())).view.result?.output, 'Alone then.');
    });
  });
});

describe('a hierarchical crew', () => {
  const crew = (more: object = {}, task: object = {}) =>
    crewOf({
      schemaVersion: 1,
      name: 'newsroom',
      process: 'hierarchical',
      agents: { reporter: agent('Reporter'), editor: agent('Editor') },
      tasks: { story: { description: 'DO-story', expected_output: 'A story', ...task } },
      ...more,
    });
  const assigned = {
    when: 'Give each task to one agent',
    json: { assignments: [{ task: 'story', agent: 'editor', instructions: 'Keep it dry.' }] },
  };
  const verdict = (accepted: boolean, reasons: string) => ({
    when: 'Is this what was expected?',
    json: { reasons, accepted },
  });

  it('the manager gives out the work, checks it, and sends it back with reasons', async () => {
    const answers = [
      assigned,
      verdict(false, 'Too wet.'),
      verdict(true, 'Good.'),
      { when: 'This was not accepted: Too wet.', text: 'Dry story' },
      { when: 'DO-story', text: 'Wet story' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crew());
      assert.equal(ended.view.result?.output, 'Dry story');
      assert.equal(ended.task('story').agent, 'editor');
      assert.equal(ended.task('story').attempt, 2);
      assert.deepEqual(ended.task('story').attempts[0]?.sentBack, { by: 'manager', reason: 'Too wet.' });
      assert.deepEqual(ended.task('story').review, { accepted: true, reasons: 'Good.' });
      assert.deepEqual(scheduledActivities(await world.history(ended.runId)), [
        '$manager/model/1',
        ...['story/model/1', 'story/review/model/1', 'story/model/2', 'story/review/model/2'],
      ]);
      assert.match(JSON.stringify(world.model.calls()[1]?.messages), /The manager says: Keep it dry\./);
    });
  });

  it('sends it back no more than max_reviews times; then the work stands, and the view says so', async () => {
    const answers = [
      assigned,
      { ...verdict(false, 'No.'), repeat: true },
      { when: 'DO-story', text: 'Story', repeat: true },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crew({ max_reviews: 1 }));
      assert.equal(ended.view.status, 'completed');
      assert.equal(world.model.calls().length, 5);
      assert.deepEqual(ended.task('story').review, { accepted: false, reasons: 'No.' });
    });
  });

  it('asks again where the manager gives no JSON, and goes on without where it never does', async () => {
    const answers = [
      { when: 'expected?', text: 'Fine!', repeat: true },
      { text: 'Whatever', repeat: true },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crew());
      assert.equal(ended.view.result?.output, 'Whatever');
      // Three for the assignment, one for the work, three for the review.
      assert.equal(world.model.calls().length, 7);
      assert.equal(ended.task('story').agent, 'reporter');
    });
  });

  it('uses manager_agent as its manager, who works on no task, and counts its calls', async () => {
    const answers = [assigned, verdict(true, ''), { when: 'DO-story', text: 'Story' }];
    await inCrewWorld({ answers }, async (world) => {
      const agents = { reporter: agent('Reporter'), editor: agent('Editor'), chief: agent('Chief') };
      const ended = await runToEnd(world, crew({ agents, manager_agent: 'chief' }));
      assert.equal(ended.view.agents['chief']?.calls, 2);
      assert.match(JSON.stringify(world.model.calls()[0]?.messages), /You are Chief/);
      assert.doesNotMatch(JSON.stringify(world.model.calls()[0]?.messages), /- chief:/);
    });
  });
});

describe('planning', () => {
  it('makes a plan first, and gives each task its own', async () => {
    const answers = [
      { when: 'Give a short plan', json: { plans: [{ task: 'job', plan: 'First look, then write.' }] } },
      { when: 'DO-job', text: 'Done.' },
    ];
    await inCrewWorld({ answers }, async (world) => {
      const ended = await runToEnd(world, crewOf({ ...team().definition, planning: true }));
      assert.equal(ended.view.result?.output, 'Done.');
      assert.match(JSON.stringify(world.model.calls()[1]?.messages), /Plan: First look, then write\./);
      assert.equal(ended.view.usage.calls, 2);
    });
  });
});
