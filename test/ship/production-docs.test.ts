import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { SEARCH_ATTRIBUTES } from '../../temporal/dev-server.js';

const PAGE = 'docs/production.md';
const page = readFileSync(PAGE, 'utf8');

/** What of a history is an action of Temporal Cloud, by the table's columns. */
const COLUMNS: Record<string, string[]> = {
  start: ['WORKFLOW_EXECUTION_STARTED'],
  activities: ['ACTIVITY_TASK_SCHEDULED'],
  timers: ['TIMER_STARTED'],
  signals: ['WORKFLOW_EXECUTION_SIGNALED'],
  updates: ['WORKFLOW_EXECUTION_UPDATE_ACCEPTED'],
  upserts: ['UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
  children: ['START_CHILD_WORKFLOW_EXECUTION_INITIATED'],
};

const WORDS: Record<number, string> = { 6: 'six', 7: 'seven', 8: 'eight', 9: 'nine', 10: 'ten' };

describe('docs/production.md', () => {
  it("counts what the saved histories hold: a change that adds actions to a run is a change of this page's table", () => {
    const rows = page.split('\n').filter((line) => /^\|.*\| `[a-z-]+` +\| +\d/.test(line));
    assert.ok(rows.length >= 6);
    for (const row of rows) {
      const [, , name = '', ...numbers] = row.split('|').map((cell) => cell.trim());
      const file = `test/replay/histories/${name.replaceAll('`', '')}.json`;
      const { events } = JSON.parse(readFileSync(file, 'utf8')) as { events: { eventType: string }[] };
      const types = events.map(({ eventType }) => eventType.replace('EVENT_TYPE_', ''));
      const counted = Object.values(COLUMNS).map((of) => types.filter((type) => of.includes(type)).length);
      assert.deepEqual(numbers.slice(0, -1).map(Number), [events.length, ...counted], name);
    }
  });

  it('names variables, values and files that exist', () => {
    const variables = readFileSync('.env.example', 'utf8');
    for (const [, name = ''] of page.matchAll(/`([A-Z]+_[A-Z_]+)`/g))
      assert.match(variables, new RegExp(`^${name}=`, 'm'));

    const values = parse(readFileSync('deploy/helm/agent-orchestration-service/values.yaml', 'utf8')) as object;
    const has = (path: string) =>
      path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values);
    for (const [, path = ''] of page.matchAll(
      /`((?:worker|intake(?!\.yaml)|keda|jobs|temporal|networkPolicy|gateway)\.[a-zA-Z.]+)(?:=\w+)?`/g,
    ))
      assert.notEqual(has(path), undefined, path);

    const kinds = Object.values(SEARCH_ATTRIBUTES);
    const [all, keywords] = [kinds, kinds.filter((kind) => kind === 'Keyword')].map(({ length }) => WORDS[length]);
    assert.ok(all !== undefined && keywords !== undefined);
    assert.ok(page.includes(`**Search attributes**: ${all}, ${keywords} Keyword and one KeywordList`), all);

    for (const [, link = ''] of page.matchAll(/\]\(([^)#]+)\)/g))
      if (!link.startsWith('http')) assert.ok(existsSync(join(dirname(PAGE), link)), link);
  });
});
