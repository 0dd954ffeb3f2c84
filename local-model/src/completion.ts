import { randomInt, randomUUID } from 'node:crypto';
import type { LlamaGrammar, Token } from 'node-llama-cpp';
import { chatPrompt, jsonNote, TOOL_CHOICE_BEGIN, toolCallBegin, toolsNote } from './chatml.js';
import type { Engine, Sampling, Slot } from './engine.js';
import { invalidRequest } from './errors.js';
import { JSON_OBJECT, wordGrammar } from './grammar.js';
import type { ChatRequest, JsonSchema } from './request.js';
import { grammarSchema } from './schema.js';
import { callableTools } from './tool-choice.js';

/** A part of an answer, in the order it is made. */
export type AnswerPart =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; id: string; name: string }
  | { type: 'tool_arguments'; text: string };

export type FinishReason = 'stop' | 'length' | 'tool_calls';

/** Longest answer where the request names none: small models ramble. */
const DEFAULT_MAX_TOKENS = 512;
/** A request that says nothing gets the likeliest words: at 1, OpenAI's default, so small a model talks nonsense. */
const DEFAULT_TEMPERATURE = 0;
const DEFAULT_TOP_P = 0.9;
const REPEAT_PENALTY = 1.12;
/** JSON has to repeat its names and marks. */
const JSON_REPEAT_PENALTY = 1.02;
/** A prompt must leave room for an answer of at least this many tokens. */
const MIN_ANSWER_TOKENS = 16;

/**
 * One request on its way to an answer. It is prepared before it waits for a slot, so that what cannot be done is
 * refused at once.
 */
export class Completion {
  /** Tokens of the longest prompt that was read for it. */
  promptTokens = 0;
  /** Tokens generated so far. */
  completionTokens = 0;
  readonly #engine: Engine;
  readonly #request: ChatRequest;
  readonly #sampling: Sampling;
  readonly #textGrammar: LlamaGrammar | undefined;
  readonly #argumentGrammars: ReadonlyMap<string, LlamaGrammar>;

  private constructor(
    engine: Engine,
    request: ChatRequest,
    textGrammar: LlamaGrammar | undefined,
    argumentGrammars: ReadonlyMap<string, LlamaGrammar>,
  ) {
    this.#engine = engine;
    this.#request = request;
    this.#sampling = sampling(request);
    this.#textGrammar = textGrammar;
    this.#argumentGrammars = argumentGrammars;
    this.#refuseOverflow();
  }

  /** @throws ApiError 400 for a conversation over the context, or a schema that no grammar can follow. */
  static async prepare(engine: Engine, request: ChatRequest): Promise<Completion> {
    const argumentGrammars = new Map<string, LlamaGrammar>();
    for (const { name, parameters } of callableTools(request)) {
      const param = `tools[${request.tools.findIndex((tool) => tool.name === name)}].function.parameters`;
      argumentGrammars.set(name, await schemaGrammar(engine, { type: 'object', ...parameters }, param));
    }
    return new Completion(engine, request, await textGrammar(engine, request), argumentGrammars);
  }

  /**
   * Generates the answer in a slot.
   * @throws the signal's reason as soon as it aborts.
   */
  async run(slot: Slot, emit: (part: AnswerPart) => void | Promise<void>, signal: AbortSignal): Promise<FinishReason> {
    const name = await this.#chooseTool(slot, signal);
    if (name === undefined) {
      const onText = (text: string) => emit({ type: 'text', text });
      return this.#turn(slot, { prompt: this.#textPrompt(), grammar: this.#textGrammar, onText }, signal);
    }
    await emit({ type: 'tool_call', id: `call_${randomUUID().replaceAll('-', '')}`, name });
    const onText = (text: string) => emit({ type: 'tool_arguments', text });
    const grammar = this.#argumentGrammars.get(name);
    const finish = await this.#turn(slot, { prompt: this.#toolPrompt(toolCallBegin(name)), grammar, onText }, signal);
    return finish === 'stop' ? 'tool_calls' : finish;
  }

  /** Name of the tool to call; undefined for an answer in text. */
  async #chooseTool(slot: Slot, signal: AbortSignal): Promise<string | undefined> {
    const [first, ...others] = this.#argumentGrammars.keys();
    if (first === undefined || others.length === 0) return first;
    const grammar = await this.#engine.grammar(wordGrammar([first, ...others]));
    let picked = '';
    const onText = (text: string) => void (picked += text);
    await this.#turn(slot, { prompt: this.#toolPrompt(TOOL_CHOICE_BEGIN), grammar, onText, decide: true }, signal);
    return picked.slice(0, picked.indexOf('"'));
  }

  async #turn(
    slot: Slot,
    turn: {
      prompt: Token[];
      grammar: LlamaGrammar | undefined;
      onText: (text: string) => void | Promise<void>;
      /** A turn of a word or two, not a part of the answer. */
      decide?: boolean;
    },
    signal: AbortSignal,
  ): Promise<'stop' | 'length'> {
    const { prompt, grammar, onText, decide = false } = turn;
    this.promptTokens = Math.max(this.promptTokens, prompt.length);
    const room = this.#engine.contextTokens - prompt.length;
    const maxTokens = decide ? MIN_ANSWER_TOKENS * 2 : (this.#request.maxTokens ?? DEFAULT_MAX_TOKENS);
    const onToken = () => void (this.completionTokens += 1);
    return slot.generate(
      {
        prompt,
        ...(grammar && { grammar }),
        maxTokens: Math.min(maxTokens, room),
        stop: decide ? [] : this.#request.stop,
        sampling: {
          ...this.#sampling,
          ...(grammar && { repeatPenalty: JSON_REPEAT_PENALTY }),
          ...(decide && { temperature: 0 }),
        },
      },
      { onToken, onText },
      signal,
    );
  }

  #textPrompt(): Token[] {
    const { messages, responseFormat } = this.#request;
    return this.#engine.tokenize(chatPrompt(messages, jsonNote(responseFormat)));
  }

  #toolPrompt(begin: string): Token[] {
    const tools = this.#request.tools.filter(({ name }) => this.#argumentGrammars.has(name));
    return this.#engine.tokenize(chatPrompt(this.#request.messages, toolsNote(tools), begin));
  }

  /** The library would cut a long prompt in silence. */
  #refuseOverflow(): void {
    const names = [...this.#argumentGrammars.keys()];
    const prompts =
      names.length > 0 ? names.map((name) => this.#toolPrompt(toolCallBegin(name))) : [this.#textPrompt()];
    this.promptTokens = Math.max(...prompts.map((prompt) => prompt.length));
    const { contextTokens } = this.#engine;
    if (this.promptTokens + MIN_ANSWER_TOKENS <= contextTokens) return;
    throw invalidRequest(
      `The demo model's context is ${contextTokens} tokens, and the messages are ${this.promptTokens}. Shorten them.`,
      { param: 'messages', code: 'context_length_exceeded' },
    );
  }
}

async function textGrammar(engine: Engine, request: ChatRequest): Promise<LlamaGrammar | undefined> {
  const format = request.responseFormat;
  if (format.type === 'json_object') return engine.grammar(JSON_OBJECT);
  if (format.type === 'json_schema') return schemaGrammar(engine, format.schema, 'response_format.json_schema.schema');
  return undefined;
}

async function schemaGrammar(engine: Engine, schema: JsonSchema, param: string): Promise<LlamaGrammar> {
  const normal = grammarSchema(schema, param);
  try {
    return await engine.jsonGrammar(normal);
  } catch {
    throw invalidRequest(`${param}: the demo model's grammar engine cannot follow this schema`, { param });
  }
}

function sampling(request: ChatRequest): Sampling {
  const { temperature, topP, seed, frequencyPenalty, presencePenalty } = request;
  return {
    temperature: temperature ?? DEFAULT_TEMPERATURE,
    topP: topP ?? DEFAULT_TOP_P,
    // The engine takes unsigned 32-bit seeds.
    seed: seed === undefined ? randomInt(2 ** 32) : seed >>> 0,
    repeatPenalty: REPEAT_PENALTY,
    frequencyPenalty: frequencyPenalty ?? 0,
    presencePenalty: presencePenalty ?? 0,
  };
}
