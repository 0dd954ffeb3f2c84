import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { Attribute, Operation } from '../../contract/telemetry.js';
import { isModelCallError } from '../../contract/model-error.js';
import { isToolCallError } from '../../contract/tool-error.js';
import type { ChatModel, ChatReply, ChatRequest, ToolRunner } from '../../ports.js';
import type { Models } from '../models/entry.js';
import { bounded, type Instruments } from './metrics.js';

/** How calls are watched. */
export interface CallWatch {
  instruments: Pick<Instruments, 'tokens' | 'duration'>;
  /** True: spans also say what people, models and tools said. */
  captureContent: boolean;
}

const MOST_NAMES = 200;

/** The chat model, with a span `chat {model}` and measurements for each call. What it throws is unchanged. */
export function watchedModel(inner: ChatModel, models: Models, { instruments, captureContent }: CallWatch): ChatModel {
  const nameOf = bounded(MOST_NAMES);
  return {
    call: async (request, options) => {
      const labels = modelLabels(models, request);
      const model = nameOf(String(labels[Attribute.requestModel]));
      const more = { ...requestAttributes(models, request), ...(captureContent && inputOf(request)) };
      const measured = { ...labels, [Attribute.requestModel]: model };
      return inSpan(`${Operation.chat} ${model}`, SpanKind.CLIENT, { ...labels, ...more }, async (span) => {
        const started = performance.now();
        let ended: Attributes = {};
        try {
          const reply = await inner.call(request, options);
          ended = { [Attribute.responseModel]: nameOf(reply.model) };
          span.setAttributes({ ...replyAttributes(reply), ...(captureContent && outputOf(reply)) });
          const { inputTokens, outputTokens } = reply.usage;
          const tokens = { ...measured, ...ended };
          instruments.tokens.record(inputTokens, { ...tokens, [Attribute.tokenType]: 'input' });
          instruments.tokens.record(outputTokens, { ...tokens, [Attribute.tokenType]: 'output' });
          return reply;
        } catch (error) {
          ended = { [Attribute.errorType]: errorType(error) };
          throw error;
        } finally {
          instruments.duration.record((performance.now() - started) / 1000, { ...measured, ...ended });
        }
      });
    },
  };
}

/** The tools, with a span `execute_tool {tool}` and a measurement for each call. */
export function watchedTools(inner: ToolRunner, { instruments, captureContent }: CallWatch): ToolRunner {
  const nameOf = bounded(MOST_NAMES);
  return {
    names: () => inner.names(),
    describe: (names, signal) => inner.describe(names, signal),
    call: async (name, args, options) => {
      const tool = nameOf(name);
      const labels = { [Attribute.operation]: Operation.tool, [Attribute.tool]: tool };
      const attributes: Attributes = {
        ...labels,
        [Attribute.toolType]: name.includes('/') ? 'extension' : 'function',
        ...(options.callId !== undefined && { [Attribute.toolCallId]: options.callId }),
        ...(captureContent && { [Attribute.toolArguments]: clip(JSON.stringify(args)) }),
      };
      return inSpan(`${Operation.tool} ${tool}`, SpanKind.INTERNAL, attributes, async (span) => {
        const started = performance.now();
        let ended: Attributes = {};
        try {
          const outcome = await inner.call(name, args, options);
          if (captureContent) span.setAttribute(Attribute.toolResult, clip(outcome.content));
          if (outcome.isError === true) {
            ended = { [Attribute.errorType]: 'tool_error' };
            span.setAttributes(ended).setStatus({ code: SpanStatusCode.ERROR, message: 'tool_error' });
          }
          return outcome;
        } catch (error) {
          ended = { [Attribute.errorType]: errorType(error) };
          throw error;
        } finally {
          instruments.duration.record((performance.now() - started) / 1000, { ...labels, ...ended });
        }
      });
    },
  };
}

async function inSpan<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  // Asked for each time: the provider is set after modules are loaded.
  const span = trace.getTracer('agent-orchestration-service').startSpan(name, { kind, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    // Its type only: messages of providers repeat prompts, and keys.
    span.setAttribute(Attribute.errorType, errorType(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: errorType(error) });
    throw error;
  } finally {
    span.end();
  }
}

function errorType(error: unknown): string {
  if (isModelCallError(error) || isToolCallError(error)) return error.reason;
  return error instanceof Error ? error.name : 'unknown';
}

function modelLabels(models: Models, { model }: ChatRequest): Attributes {
  const entry = models.find(model);
  return {
    [Attribute.operation]: Operation.chat,
    [Attribute.provider]: providerOf(entry?.baseUrl),
    [Attribute.requestModel]: entry?.id ?? model ?? 'unknown',
  };
}

function requestAttributes(models: Models, { model, maxOutputTokens }: ChatRequest): Attributes {
  const entry = models.find(model);
  const url = entry?.baseUrl === undefined ? undefined : new URL(entry.baseUrl);
  const max = maxOutputTokens ?? entry?.facts.maxOutputTokens;
  return {
    ...(url && { [Attribute.serverAddress]: url.hostname, [Attribute.serverPort]: portOf(url) }),
    ...(max !== undefined && { [Attribute.maxTokens]: max }),
    ...(entry?.temperature !== undefined && { [Attribute.temperature]: entry.temperature }),
  };
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** The convention's names of providers, by where they are. Everything else speaks OpenAI's protocol at a place of its own. */
const PROVIDERS: [RegExp, string][] = [
  [/(^|\.)openai\.com$/, 'openai'],
  [/(^|\.)anthropic\.com$/, 'anthropic'],
  [/(^|\.)openai\.azure\.com$/, 'azure.ai.openai'],
  [/(^|\.)azure\.com$/, 'azure.ai.inference'],
  [/(^|\.)amazonaws\.com$/, 'aws.bedrock'],
  [/generativelanguage\.googleapis\.com$/, 'gcp.gemini'],
  [/(^|\.)googleapis\.com$/, 'gcp.vertex_ai'],
  [/(^|\.)groq\.com$/, 'groq'],
  [/(^|\.)mistral\.ai$/, 'mistral_ai'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)x\.ai$/, 'x_ai'],
  [/(^|\.)perplexity\.ai$/, 'perplexity'],
  [/(^|\.)cohere\.(ai|com)$/, 'cohere'],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
];

function providerOf(baseUrl: string | undefined): string {
  if (baseUrl === undefined) return 'unknown';
  const { hostname } = new URL(baseUrl);
  return PROVIDERS.find(([pattern]) => pattern.test(hostname))?.[1] ?? 'openai_compatible';
}

function replyAttributes({ id, model, finishReason, usage }: ChatReply): Attributes {
  return {
    [Attribute.responseModel]: model,
    ...(id !== undefined && { [Attribute.responseId]: id }),
    [Attribute.finishReasons]: [finishReason],
    [Attribute.inputTokens]: usage.inputTokens,
    [Attribute.outputTokens]: usage.outputTokens,
    ...(usage.cachedInputTokens > 0 && { [Attribute.cachedTokens]: usage.cachedInputTokens }),
  };
}

/** Longest content of one attribute, in characters. */
const MAX_CONTENT_CHARS = 32_000;

function clip(text: string): string {
  return text.length <= MAX_CONTENT_CHARS ? text : `${text.slice(0, MAX_CONTENT_CHARS)}…`;
}

/** In the convention's shape: `[{role, parts: [{type, content}]}]`. */
function inputOf({ messages }: ChatRequest): Attributes {
  const said = messages.map(({ role, content, toolCallId }) => ({
    role,
    parts: [
      toolCallId === undefined
        ? { type: 'text', content: clip(content) }
        : { type: 'tool_call_response', id: toolCallId, response: clip(content) },
    ],
  }));
  return { [Attribute.inputMessages]: clip(JSON.stringify(said)) };
}

function outputOf({ text, toolCalls, finishReason }: ChatReply): Attributes {
  const parts = [
    ...(text === '' ? [] : [{ type: 'text', content: clip(text) }]),
    ...toolCalls.map(({ id, name, arguments: args }) => ({ type: 'tool_call', id, name, arguments: args })),
  ];
  return {
    [Attribute.outputMessages]: clip(JSON.stringify([{ role: 'assistant', parts, finish_reason: finishReason }])),
  };
}
