import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseIntakeConfig } from '../../../src/adapters/kafka/intake-config.js';

describe('docs/events.md', () => {
  const text = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');

  it('shows an intake.yaml that is taken as it stands', () => {
    const [, yaml] = /<!-- example: intake\.yaml -->\s+```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    assert.ok(yaml !== undefined);
    const { topics, deadLetterTopic } = parseIntakeConfig('intake.yaml', Buffer.from(yaml));
    assert.equal(deadLetterTopic, 'crews.dead-letters');
    assert.deepEqual(topics['approvals.decided'], { decisions: true, tenant: 'default' });
    assert.equal(Object.keys(topics).length, 3);
  });

  it('names only variables that there are', () => {
    const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
    const named = [...new Set(text.match(/KAFKA_[A-Z_]+[A-Z]/g))];
    assert.ok(named.length > 5);
    for (const name of named) assert.match(example, new RegExp(`^${name}=`, 'm'));
  });

  it('shows JSON that is JSON', () => {
    const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)];
    assert.equal(blocks.length, 2);
    for (const [, block] of blocks) JSON.parse(block ?? '');
  });
});
