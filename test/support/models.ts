import { createChatModel } from '../../src/adapters/langchain/chat-model.js';
import type { Models } from '../../src/adapters/models/entry.js';
import type { RegistryConfig } from '../../src/adapters/models/config.js';
import { createModelRegistry } from '../../src/adapters/models/registry.js';
import type { ModelCallError } from '../../src/contract/model-error.js';
import type { ChatModel, ChatReply, ChatRequest } from '../../src/ports.js';
import { memoryLogger } from './logger.js';

/** A registry without a file, of these variables. */
export function modelsOf(variables: Record<string, string>, more: Partial<RegistryConfig> = {}): Models {
  return createModelRegistry({
    file: 'none',
    model: 'scripted-model',
    models: [],
    maxOutputTokens: 50,
    fallbackToDefault: false,
    variable: (name) => variables[name],
    ...more,
  });
}

/** A chat model whose one model is at this URL. */
export function chatModelAt(url: string): ChatModel {
  return createChatModel(modelsOf({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'key-for-tests' }), memoryLogger());
}

/** One call without time to lose. */
export function callModel(model: ChatModel, request: Partial<ChatRequest> = {}): Promise<ChatReply> {
  const signal = new AbortController().signal;
  return model.call(
    { messages: [{ role: 'user', content: 'hi' }], ...request },
    { signal, requestId: 'run/find/model/1', timeoutMs: 60_000 },
  );
}

/** The error that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<ModelCallError> {
  try {
    await call;
  } catch (error) {
    return error as ModelCallError;
  }
  throw new Error('the call did not fail');
}
