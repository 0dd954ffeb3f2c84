import assert from 'node:assert/strict';
import { KEYWORD_LISTS, SearchAttribute } from '../../../src/contract/messages.js';
import { devServerArgs, retentionArgs, SEARCH_ATTRIBUTES } from '../../../temporal/dev-server.js';

/** The values given for a flag. */
function valuesOf(args: readonly string[], flag: string): string[] {
  return args.flatMap((arg, at) => (arg === flag ? [args[at + 1] ?? ''] : []));
}

describe('arguments of the development server', () => {
  it('register every search attribute that runs carry', () => {
    const expected = Object.values(SearchAttribute);
    assert.deepEqual(Object.keys(SEARCH_ATTRIBUTES).sort(), [...expected].sort());
    const given = valuesOf(devServerArgs({ port: 7233 }), '--search-attribute');
    const typed = expected.map((name) => `${name}=${KEYWORD_LISTS.includes(name) ? 'KeywordList' : 'Keyword'}`);
    assert.deepEqual(given.sort(), typed.sort());
  });

  it('keep runs in a file, in a way that kill -9 does not harm', () => {
    const args = devServerArgs({ port: 7233, uiPort: 8233, dbFile: '/data/temporal.db' });
    assert.deepEqual(valuesOf(args, '--db-filename'), ['/data/temporal.db']);
    assert.deepEqual(valuesOf(args, '--sqlite-pragma'), ['journal_mode=WAL', 'synchronous=NORMAL']);
    assert.deepEqual([valuesOf(args, '--port'), valuesOf(args, '--ui-port')], [['7233'], ['8233']]);
    assert.deepEqual(valuesOf(args, '--ip'), ['127.0.0.1']);
  });

  it('have no file and no UI where none is wanted, and take further settings', () => {
    const args = devServerArgs({ port: 7233, dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 40 } });
    assert.ok(args.includes('--headless'));
    assert.deepEqual(valuesOf(args, '--sqlite-pragma'), []);
    assert.deepEqual(valuesOf(args, '--dynamic-config-value'), [
      'history.transferProcessorMaxPollRPS=1000',
      'system.enableActivityEagerExecution=true',
      'limit.historyCount.suggestContinueAsNew=40',
    ]);
  });

  it('ask for another namespace by name, and set its retention', () => {
    assert.deepEqual(valuesOf(devServerArgs({ port: 7233 }), '--namespace'), []);
    assert.deepEqual(valuesOf(devServerArgs({ port: 7233, namespace: 'team' }), '--namespace'), ['team']);
    const args = retentionArgs({ port: 7300, namespace: 'team' });
    assert.deepEqual([valuesOf(args, '--namespace'), valuesOf(args, '--retention')], [['team'], ['30d']]);
    assert.deepEqual(valuesOf(args, '--address'), ['127.0.0.1:7300']);
  });
});
