import assert from 'node:assert/strict';
import { taskMessages, type TaskPrompt } from '../../../src/crew/prompt.js';
import { crewDocument, crewOf } from '../../support/crews.js';

const { agents, tasks } = crewOf(crewDocument()).definition;
const { finder: agent } = agents;
const { find: task } = tasks;
assert.ok(agent && task);
const base = { agent, task, inputs: { topic: 'tea' }, context: [], rejected: [] };

/** The messages with their pieces put together. */
function texts(prompt: TaskPrompt) {
  return taskMessages(prompt).map(({ role, content }) => ({ role, content: content.join('') }));
}

describe('the prompt of a task', () => {
  it('says who the agent is, what is wanted, and what it may use', () => {
    const [system, user] = texts({ ...base, context: [{ role: 'Scout', output: 'Tea is old.' }] });
    assert.equal(system?.role, 'system');
    for (const part of ['Finder', 'You know things.', 'Find facts on tea'])
      assert.ok(system.content.includes(part), part);
    assert.equal(user?.role, 'user');
    for (const part of ['Scout', 'Tea is old.', 'FIND tea', 'Facts']) assert.ok(user.content.includes(part), part);
  });

  it('shows each rejected attempt with what a person said of it', () => {
    const rejected = [
      { output: 'draft one', feedback: 'too long' },
      { output: 'draft two', feedback: 'too dry' },
    ];
    const messages = texts({ ...base, rejected });
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant', 'user', 'assistant', 'user'],
    );
    assert.equal(messages[2]?.content, 'draft one');
    assert.match(messages[3]?.content ?? '', /too long/);
    assert.match(messages[5]?.content ?? '', /too dry/);
  });

  it('is short: the words around the author’s own take less than 300 characters', () => {
    const chars = texts(base).reduce((sum, { content }) => sum + content.length, 0);
    const own = [agent.role, agent.backstory, agent.goal, task.description, task.expected_output].join('').length;
    assert.ok(chars - own < 300, `${chars - own} characters`);
  });
});
