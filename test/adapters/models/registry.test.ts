import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatModel } from '../../../src/adapters/langchain/chat-model.js';
import type { Models } from '../../../src/adapters/models/entry.js';
import type { RegistryConfig } from '../../../src/adapters/models/config.js';
import { limitedModels, requireDefaultModel } from '../../../src/adapters/models/registry.js';
import { chunk, END, startLyingEndpoint } from '../../support/lying-endpoint.js';
import { memoryLogger } from '../../support/logger.js';
import { callModel, failureOf, modelsOf } from '../../support/models.js';

let folder: string;

async function modelsIn(yaml: string, variables: Record<string, string> = {}, more: Partial<RegistryConfig> = {}) {
  const file = join(folder, 'models.yaml');
  await writeFile(file, yaml);
  return modelsOf(variables, { file, ...more });
}

/** Where a model is asked, what for, and which variable has the key. */
function route(models: Models, name: string | undefined) {
  const { name: own, id, baseUrl, keyEnv } = models.find(name) ?? {};
  return [own, id, baseUrl, keyEnv];
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});
after(() => rm(folder, { recursive: true }));

describe('model registry: without a file', () => {
  it('knows OPENAI_MODEL as the default, OPENAI_MODELS as further ones, and what is known of them', () => {
    const models = modelsOf({ OPENAI_API_KEY: 'k' }, { model: 'gpt-4o-2024-08-06', models: ['own'], contextWindow: 9 });
    assert.deepEqual(models.names(), ['gpt-4o-2024-08-06', 'own']);
    assert.deepEqual(route(models, undefined), ['gpt-4o-2024-08-06', 'gpt-4o-2024-08-06', 'https://api.openai.com/v1', 'OPENAI_API_KEY']); // prettier-ignore
    const prices = { input: 2.5, output: 10, cachedInput: 1.25 };
    assert.deepEqual(models.facts(undefined), { name: 'gpt-4o-2024-08-06', maxOutputTokens: 50, contextWindow: 9, prices }); // prettier-ignore
    assert.deepEqual(models.facts('own'), { name: 'own', maxOutputTokens: 50 });
    assert.equal(models.facts('other'), undefined);
  });

  it('takes no list price for another server, and asks that one without a key', () => {
    const models = modelsOf({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1/' }, { model: 'gpt-4o' });
    assert.deepEqual(models.facts('gpt-4o'), { name: 'gpt-4o', maxOutputTokens: 50, contextWindow: 128_000 });
    const entry = models.find('gpt-4o');
    assert.ok(entry);
    assert.deepEqual(models.secrets(entry), { baseUrl: 'http://127.0.0.1:1/v1', headers: {} });
    const demo = modelsOf({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, { model: 'smollm2-135m-instruct-demo' });
    assert.deepEqual(demo.facts(undefined)?.prices, { input: 0, output: 0 });
    assert.equal(demo.facts(undefined)?.contextWindow, 4_096);
  });

  it('takes any name for the default where that is wanted, whatever keys are set', () => {
    const models = modelsOf(
      { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', GROQ_API_KEY: 'k' },
      { fallbackToDefault: true },
    );
    for (const name of ['gpt-4o', 'groq/llama-3.3-70b-versatile', 'ollama/x', 'whatever']) {
      assert.equal(models.facts(name)?.name, 'scripted-model');
    }
  });
});

describe('model registry: provider/model as CrewAI writes it', () => {
  const all = {
    OPENAI_API_KEY: 'k',
    ANTHROPIC_API_KEY: 'k',
    GOOGLE_API_KEY: 'k',
    GROQ_API_KEY: 'k',
    OPENROUTER_API_KEY: 'k',
    MISTRAL_API_KEY: 'k',
    DEEPSEEK_API_KEY: 'k',
    AZURE_API_KEY: 'k',
    AZURE_API_BASE: 'https://mine.openai.azure.com/',
    OLLAMA_BASE_URL: 'http://gpu:11434',
  };
  const routes: [name: string, id: string, baseUrl: string, keyEnv: string | undefined, needs: string][] = [
    ['openai/gpt-4o', 'gpt-4o', 'https://api.openai.com/v1', 'OPENAI_API_KEY', 'OPENAI_API_KEY'],
    ['OpenAI/gpt-4o', 'gpt-4o', 'https://api.openai.com/v1', 'OPENAI_API_KEY', 'OPENAI_API_KEY'],
    ['gpt-4o-mini', 'gpt-4o-mini', 'https://api.openai.com/v1', 'OPENAI_API_KEY', 'OPENAI_API_KEY'],
    ['anthropic/claude-x', 'claude-x', 'https://api.anthropic.com/v1', 'ANTHROPIC_API_KEY', 'ANTHROPIC_API_KEY'],
    ['gemini/g', 'g', 'https://generativelanguage.googleapis.com/v1beta/openai', 'GOOGLE_API_KEY', 'GEMINI_API_KEY'],
    ['groq/llama', 'llama', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY', 'GROQ_API_KEY'],
    ['openrouter/meta/llama', 'meta/llama', 'https://openrouter.ai/api/v1', 'OPENROUTER_API_KEY', 'OPENROUTER_API_KEY'],
    ['mistral/m', 'm', 'https://api.mistral.ai/v1', 'MISTRAL_API_KEY', 'MISTRAL_API_KEY'],
    ['deepseek/d', 'd', 'https://api.deepseek.com/v1', 'DEEPSEEK_API_KEY', 'DEEPSEEK_API_KEY'],
    ['azure/deployed', 'deployed', 'https://mine.openai.azure.com/openai/v1', 'AZURE_API_KEY', 'AZURE_API_KEY and AZURE_API_BASE'], // prettier-ignore
    ['ollama/llama3.2', 'llama3.2', 'http://gpu:11434/v1', undefined, 'OLLAMA_BASE_URL'],
  ];
  for (const [name, id, baseUrl, keyEnv, needs] of routes) {
    it(`resolves ${name} where ${needs} is set, and else says so`, () => {
      assert.deepEqual(route(modelsOf(all), name), [name, id, baseUrl, keyEnv]);
      assert.equal(modelsOf(all).facts(name)?.name, name);
      const bare = modelsOf({});
      assert.equal(bare.facts(name), undefined);
      assert.equal(bare.whyNot(name), `Model '${name}' is not configured. Set ${needs}, or list it in models.yaml.`);
    });
  }

  it('takes openai/ to OPENAI_BASE_URL, but no bare name of OpenAI’s', () => {
    const models = modelsOf({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', OPENAI_API_KEY: 'k' });
    assert.deepEqual(route(models, 'openai/x'), ['openai/x', 'x', 'http://127.0.0.1:1/v1', 'OPENAI_API_KEY']);
    assert.equal(models.find('gpt-4o'), undefined);
  });

  it('says which name was meant', () => {
    assert.match(modelsOf({}).whyNot('scripted-modle'), /Did you mean 'scripted-model'\?/);
    assert.match(modelsOf({}).whyNot('bedrock/x'), /'bedrock\/x' is not configured\. Known: scripted-model\. /);
    for (const name of ['/', '', 'openai/', '__proto__/x', 'constructor/x', '/x']) {
      assert.equal(modelsOf(all).find(name), undefined);
      assert.match(modelsOf(all).whyNot(name), /is not configured/);
    }
  });
});

describe('model registry: models.yaml', () => {
  const YAML = `
default: smart
models:
  smart: { model: gpt-4o, aliases: [gpt-4o, best], rpm: 6, tpm: 1000, prices: { input: 1, output: 2, cached_input: 0.5 } }
  fast: { model: groq/llama-3.3-70b-versatile, max_output_tokens: 99 }
  own:
    base_url: http://127.0.0.1:9/v1/
    api_key_env: OWN_KEY
    headers_env: { X-Tenant: OWN_TENANT }
    context_window: 8000
    tools: json
    response_format: none
    timeout_seconds: 20
    temperature: 0.5
  bare: { base_url: 'http://127.0.0.1:9/v1', model: anthropic/claude }
  ollama/llama3.2:
`;

  it('has names, aliases, facts and where each is asked', async () => {
    const models = await modelsIn(YAML);
    assert.deepEqual(models.names(), ['smart', 'fast', 'own', 'bare', 'ollama/llama3.2', 'gpt-4o', 'best']);
    assert.deepEqual(route(models, undefined), ['smart', 'gpt-4o', 'https://api.openai.com/v1', 'OPENAI_API_KEY']);
    assert.deepEqual(models.find('best'), models.find('smart'));
    assert.deepEqual(models.facts('gpt-4o'), {
      name: 'smart',
      contextWindow: 128_000,
      maxOutputTokens: 50,
      rpm: 6,
      tpm: 1_000,
      prices: { input: 1, output: 2, cachedInput: 0.5 },
    });
    assert.deepEqual(route(models, 'fast'), ['fast', 'llama-3.3-70b-versatile', 'https://api.groq.com/openai/v1', 'GROQ_API_KEY']); // prettier-ignore
    assert.deepEqual(models.facts('fast'), { name: 'fast', contextWindow: 131_072, maxOutputTokens: 99 });
    const { tools, timeoutMs, temperature, traits } = models.find('own') ?? {};
    assert.deepEqual([tools, timeoutMs, temperature, traits?.responseFormat], ['json', 20_000, 0.5, 'none']);
    assert.deepEqual(route(models, 'bare'), ['bare', 'anthropic/claude', 'http://127.0.0.1:9/v1', undefined]);
    assert.deepEqual(route(models, 'ollama/llama3.2'), ['ollama/llama3.2', 'llama3.2', 'http://localhost:11434/v1', undefined]); // prettier-ignore
    assert.deepEqual(limitedModels(models).map(({ name }) => name), ['smart']); // prettier-ignore
  });

  it('leaves provider/model strings to the environment, unless it lists all that there is', async () => {
    const variables = { DEEPSEEK_API_KEY: 'k' };
    assert.equal((await modelsIn(YAML, variables)).find('deepseek/d')?.id, 'd');
    const closed = await modelsIn(`only_listed: true\n${YAML}`, variables);
    assert.equal(closed.find('deepseek/d'), undefined);
    assert.doesNotMatch(closed.whyNot('deepseek/d'), /Set /);
  });

  it('needs a key when its model is asked, and the default’s when the worker starts; the message names the variable', async () => {
    const models = await modelsIn(YAML, { OPENAI_API_KEY: 'k' });
    requireDefaultModel(models);
    const chat = createChatModel(models, memoryLogger());
    const error = await failureOf(callModel(chat, { model: 'own' }));
    assert.equal(error.reason, 'unauthorized');
    assert.match(error.message, /Model 'own' takes its key from the variable OWN_KEY, which is not set/);
    const noHeader = createChatModel(await modelsIn(YAML, { OWN_KEY: 'k' }), memoryLogger());
    assert.match((await failureOf(callModel(noHeader, { model: 'own' }))).message, /header X-Tenant from the variable OWN_TENANT/); // prettier-ignore
    await assert.rejects(
      async () => requireDefaultModel(await modelsIn(YAML)),
      /OPENAI_API_KEY, which is not set; it is the default/,
    );
    requireDefaultModel(modelsOf({}));
  });

  it('sends each endpoint its own key and headers, and OpenAI’s key to nobody else', async () => {
    const endpoint = await startLyingEndpoint({ events: [chunk({ content: 'ok' }), chunk({}, 'stop'), ...END] });
    try {
      const yaml = YAML.replaceAll('http://127.0.0.1:9/v1', endpoint.url);
      const variables = { OPENAI_API_KEY: 'secret-of-openai', OWN_KEY: 'own-secret', OWN_TENANT: 'tenant-1' };
      const chat = createChatModel(await modelsIn(yaml, variables), memoryLogger());
      await callModel(chat, { model: 'own' });
      await callModel(chat, { model: 'bare' });
      const [own, bare] = endpoint.seen;
      assert.deepEqual([own?.headers.authorization, own?.headers['x-tenant']], ['Bearer own-secret', 'tenant-1']);
      assert.deepEqual([own?.body.temperature, own?.body.max_tokens], [0.5, 50]);
      assert.equal(bare?.headers.authorization, 'Bearer none');
      assert.equal(bare.body.model, 'anthropic/claude');
      assert.doesNotMatch(JSON.stringify(endpoint.seen), /secret-of-openai/);
    } finally {
      await endpoint.close();
    }
  });
});
