import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { ActivityDeps } from '../../src/activities/index.js';
import { createConditions } from '../../src/adapters/conditions.js';
import { createJsonSchemas } from '../../src/adapters/json/schemas.js';
import { createChatModel } from '../../src/adapters/langchain/chat-model.js';
import type { Models } from '../../src/adapters/models/entry.js';
import { createModelRegistry } from '../../src/adapters/models/registry.js';
import { createOutputChecks } from '../../src/adapters/tools/checks.js';
import type { Secrets } from '../../src/adapters/secrets/secrets.js';
import { definedTools } from '../../src/adapters/tools/defined.js';
import { createToolRunner } from '../../src/adapters/tools/runner.js';
import type { Guardrail, NamedSchema, Tool } from '../../src/authoring/define.js';
import { DEFAULT_MODEL, type ModelFacts } from '../../src/contract/models.js';
import { modelUses } from '../../src/crew/models.js';
import type { CrewDefinition } from '../../src/crew/types.js';
import { noTokens } from '../../src/adapters/tokens/none.js';
import type { Outbox, PublishOf, Store, TokenPublisher, ToolRunner } from '../../src/ports.js';
import { catalogOf } from './crews.js';
import { memoryLogger } from './logger.js';

/** What an operator added, for a test. */
export interface ExtensionParts {
  tools?: Tool[];
  guardrails?: Guardrail[];
  schemas?: NamedSchema[];
  /** What references in arguments stand for; absent: nothing. */
  secrets?: Secrets;
  /** Instead of a runner of `tools`. */
  toolRunner?: ToolRunner;
  /** Where events go, and which runs have any that do; absent: none. */
  outbox?: Outbox;
  publishOf?: PublishOf;
  /** Who hears answers while they are written; absent: nobody. */
  tokens?: TokenPublisher;
}

/** A registry, as `models.yaml` makes it, of models at one scripted endpoint. */
export function scriptedModels(url: string, models: Record<string, object> = { 'scripted-model': {} }): Models {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  const file = join(folder, 'models.yaml');
  const entries = Object.entries(models).map(([name, entry]) => [
    name,
    { base_url: url, max_output_tokens: 100, ...entry },
  ]);
  try {
    writeFileSync(file, stringify({ default: entries[0]?.[0], models: Object.fromEntries(entries) as object }));
    return createModelRegistry({
      file,
      model: 'unused',
      models: [],
      maxOutputTokens: 100,
      fallbackToDefault: false,
      variable: () => undefined,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Everything that a worker's activities are made of. */
export function activityParts(models: Models, store: Store, parts: ExtensionParts = {}): ActivityDeps {
  const byName = <T extends { name: string }>(all: T[] = []) => new Map(all.map((one) => [one.name, one]));
  return {
    chatModel: createChatModel(models, memoryLogger()),
    models,
    store,
    tools:
      parts.toolRunner ??
      createToolRunner({
        sources: [definedTools(parts.tools ?? [])],
        ...(parts.secrets && { secrets: parts.secrets }),
      }),
    checks: createOutputChecks({ guardrails: byName(parts.guardrails), schemas: byName(parts.schemas) }),
    conditions: createConditions(),
    schemas: createJsonSchemas(),
    tokens: parts.tokens ?? noTokens(),
    runs: { start: () => Promise.reject(new Error('not in this test')) },
    readRunStates: () => Promise.resolve({}),
    crews: catalogOf(),
    known: {},
    outbox: parts.outbox ?? { put: () => Promise.reject(new Error('not in this test')) },
    currentTrace: () => ({}),
    publishOf: parts.publishOf ?? (() => Promise.resolve(undefined)),
    collectGarbage: () => Promise.resolve({ runs: 0, kept: 0, removed: 0 }),
  };
}

/** What a run of this definition knows of its models, as the gateway finds it out. */
export function modelFactsFor(models: Models, definition: CrewDefinition): Record<string, ModelFacts> {
  const names = [undefined, ...modelUses(definition).map(({ name }) => name)];
  return Object.fromEntries(
    names.flatMap((name) => {
      const facts = models.facts(name);
      return facts ? [[name ?? DEFAULT_MODEL, facts]] : [];
    }),
  );
}
