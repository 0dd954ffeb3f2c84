import assert from 'node:assert/strict';
import { ModelsFileError, parseModelsFile, readModelsFile } from '../../../src/adapters/models/file.js';

/** What is said about a file. */
function saidAbout(yaml: string): string {
  try {
    parseModelsFile('models.yaml', Buffer.from(yaml));
  } catch (error) {
    assert.ok(error instanceof ModelsFileError, String(error));
    return error.message;
  }
  return assert.fail('the file was taken');
}

describe('models file', () => {
  it('says every mistake with its place and what was meant', () => {
    const yaml = `default: smrat
models:
  smart:
    contxt_window: 5
    prices: { input: -1, output: free }
    tools: natve
  fast: { aliases: [smart], base_url: ftp://x, rpm: 0 }
`;
    const lines = saidAbout(yaml).split('\n');
    assert.ok(
      lines.every((line) => /^models\.yaml:\d+:\d+ \S+: /.test(line)),
      lines.join('\n'),
    );
    for (const expected of [
      /^models\.yaml:4:5 models\.smart\.contxt_window: Unknown key 'contxt_window'\. Did you mean 'context_window'\?$/m,
      /^models\.yaml:5:15 models\.smart\.prices\.input: Expected 0 or more$/m,
      /^models\.yaml:5:26 models\.smart\.prices\.output: Expected US dollars per million tokens$/m,
      /^models\.yaml:6:5 models\.smart\.tools: Expected one of: native, json, none$/m,
      /models\.fast\.base_url: Expected a URL that begins with http:\/\/ or https:\/\//,
      /models\.fast\.rpm: Expected a whole number of requests a minute, at least 1$/m,
    ]) {
      assert.match(lines.join('\n'), expected);
    }
  });

  it('checks names against each other', () => {
    const said = saidAbout(
      'default: smrat\nmodels:\n  smart: { aliases: [best] }\n  fast: { aliases: [smart, best] }\n',
    );
    assert.match(said, /^models\.yaml:1:1 default: No model is named 'smrat'\. Did you mean 'smart'\?$/m);
    assert.match(said, /^models\.yaml:4:21 models\.fast\.aliases\.0: 'smart' is a name of model 'smart' already$/m);
    assert.match(said, /models\.fast\.aliases\.1: 'best' is a name of model 'smart' already$/m);
    assert.match(saidAbout('models: { a: , b: }'), /default: Required: with several models/);
    assert.match(saidAbout('models: {}'), /models: Expected at least one model/);
    assert.match(saidAbout('defualt: a'), /Unknown key 'defualt'\. Did you mean 'default'\?/);
    assert.match(saidAbout('models: ['), /^models\.yaml:1:\d+ /);
    assert.match(saidAbout('models: { a: { base_url: no URL } }'), /models\.a\.base_url: Expected a URL that begins/);
  });

  it('takes the only model for the default, and a name with nothing behind it', () => {
    assert.deepEqual(parseModelsFile('f', Buffer.from('models:\n  gpt-4o:\n')).models, { 'gpt-4o': { aliases: [] } });
  });

  it('says back no key that was put in the place of a name, or into a URL', () => {
    for (const yaml of [
      'models: { a: { api_key_env: sk-proj-verysecret } }',
      'models: { a: { api_key_env: gsk_verysecret } }',
      'variable: x\nmodels: { a: { api_key: verysecret } }',
      'models: { a: { headers_env: { X-Key: verysecret } } }',
      'models: { a: { base_url: "https://me:verysecret@host/v1" } }',
    ]) {
      const said = saidAbout(yaml);
      assert.doesNotMatch(said, /verysecret/);
      assert.match(said, /variable/);
    }
  });

  it('need not be there, unless it is named', () => {
    assert.equal(readModelsFile('none'), undefined);
    assert.throws(
      () => readModelsFile('no/such/models.yaml'),
      /no\/such\/models\.yaml: .* cannot be read \(ENOENT\); set MODELS_CONFIG/,
    );
    assert.equal(readModelsFile('models.example.yaml')?.default !== undefined, true);
  });
});
