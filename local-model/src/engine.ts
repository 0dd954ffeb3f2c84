import {
  getLlama,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type Llama,
  type LlamaContextSequence,
  type LlamaGrammar,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from 'node-llama-cpp';
import type { PromptPart } from './chatml.js';
import type { GrammarSchema } from './schema.js';
import { StopFilter, TokenText } from './text.js';

/** How tokens are picked. */
export interface Sampling {
  /** 0 takes the likeliest token each time. */
  temperature: number;
  topP: number;
  seed: number;
  /** 1 is none. Small models loop without one. */
  repeatPenalty: number;
  frequencyPenalty: number;
  presencePenalty: number;
}

/** One turn of the model. */
export interface Turn {
  prompt: readonly Token[];
  grammar?: LlamaGrammar;
  maxTokens: number;
  stop: readonly string[];
  sampling: Sampling;
}

/** Who takes what a turn makes. */
export interface TurnSink {
  onToken: () => void;
  /** Called with each piece of text; generation goes on when it is done. */
  onText: (text: string) => void | Promise<void>;
}

export interface EngineOptions {
  modelPath: string;
  slots: number;
  threads: number;
  contextTokens: number;
}

/** The prompt is read in steps of this many tokens, about half a second each, so that a cancelled request ends soon. */
const PROMPT_STEP = 64;
/** Tokens that the repeat penalty looks back on. */
const PENALTY_WINDOW = 128;
/** The grammars of node-llama-cpp end in line breaks that are no part of the JSON. */
const JSON_END = '\n\n\n\n';

/** The loaded model and its slots. */
export class Engine {
  readonly slots: readonly Slot[];
  readonly contextTokens: number;
  readonly #llama: Llama;
  readonly #model: LlamaModel;

  private constructor(llama: Llama, model: LlamaModel, slots: readonly Slot[], contextTokens: number) {
    this.#llama = llama;
    this.#model = model;
    this.slots = slots;
    this.contextTokens = contextTokens;
  }

  /**
   * Loads the weights and makes the slots: about half a second for the default model.
   * @throws Error when the file is not a GGUF of a ChatML model.
   */
  static async load({ modelPath, slots, threads, contextTokens }: EngineOptions): Promise<Engine> {
    const llama = await getLlama({
      build: 'never',
      gpu: false,
      logLevel: LlamaLogLevel.error,
      maxThreads: slots * threads,
    });
    const model = await llama.loadModel({ modelPath }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${modelPath} could not be loaded as a model: ${reason}`, { cause: error });
    });
    if (model.tokenize('<|im_start|>', true).length !== 1) {
      throw new Error(
        `${modelPath} is not a ChatML model (SmolLM2, Qwen, …); the demo endpoint speaks to no other kind.`,
      );
    }
    const made: Slot[] = [];
    for (let index = 0; index < slots; index++) {
      // A context each: sequences that share one mix up their words in this version of the library.
      const context = await model.createContext({ contextSize: contextTokens, threads, batchSize: PROMPT_STEP });
      made.push(new Slot(model, context.getSequence()));
    }
    return new Engine(llama, model, made, contextTokens);
  }

  tokenize(prompt: readonly PromptPart[]): Token[] {
    return prompt.flatMap(({ text, special }) => this.#model.tokenize(text, special));
  }

  async jsonGrammar(schema: GrammarSchema): Promise<LlamaGrammar> {
    // The library types the result after a schema that is known when compiling; this one is not.
    return this.#llama.createGrammarForJsonSchema(schema as { type: 'null' });
  }

  /** A grammar in llama.cpp's own notation, GBNF. */
  async grammar(gbnf: string): Promise<LlamaGrammar> {
    return this.#llama.createGrammar({ grammar: gbnf });
  }
}

/** One context of the model, used by one request at a time. */
export class Slot {
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;

  constructor(model: LlamaModel, sequence: LlamaContextSequence) {
    this.#model = model;
    this.#sequence = sequence;
  }

  /**
   * Generates until the model ends, a stop text comes or `maxTokens` are made.
   * The context is emptied first: a rest of another request in it would leak, and change the rounding of this one.
   * @returns `length` when the answer was cut at `maxTokens`.
   * @throws the signal's reason as soon as it aborts.
   */
  async generate(turn: Turn, sink: TurnSink, signal: AbortSignal): Promise<'stop' | 'length'> {
    await this.#sequence.clearHistory();
    const last = await this.#readPrompt(turn.prompt, signal);
    const text = new TokenText<Token>((tokens) => this.#model.detokenize(tokens));
    const filter = new StopFilter(turn.grammar ? [...turn.stop, JSON_END] : turn.stop);
    const generated: Token[] = [];
    for await (const token of this.#sequence.evaluate(last, this.#sampler(turn, generated))) {
      signal.throwIfAborted();
      generated.push(token);
      sink.onToken();
      await send(sink, filter.push(text.push(token)));
      if (filter.stopped) return 'stop';
      if (generated.length >= turn.maxTokens) {
        await send(sink, filter.push(text.flush()) + filter.flush());
        return 'length';
      }
    }
    signal.throwIfAborted();
    await send(sink, filter.push(text.flush()) + filter.flush());
    return 'stop';
  }

  /** Reads all but the last step of the prompt, and returns that last step. */
  async #readPrompt(prompt: readonly Token[], signal: AbortSignal): Promise<Token[]> {
    let from = 0;
    for (; prompt.length - from > PROMPT_STEP; from += PROMPT_STEP) {
      signal.throwIfAborted();
      await this.#sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(from, from + PROMPT_STEP));
    }
    signal.throwIfAborted();
    return prompt.slice(from);
  }

  #sampler({ grammar, sampling }: Turn, generated: readonly Token[]): SequenceEvaluateOptions {
    const { temperature, topP, seed, repeatPenalty, frequencyPenalty, presencePenalty } = sampling;
    return {
      temperature,
      topP,
      topK: 0,
      minP: 0,
      seed,
      repeatPenalty: {
        punishTokens: () => generated.slice(-PENALTY_WINDOW),
        maxPunishTokens: PENALTY_WINDOW,
        penalty: repeatPenalty,
        frequencyPenalty,
        presencePenalty,
      },
      ...(grammar && { grammarEvaluationState: new LlamaGrammarEvaluationState({ model: this.#model, grammar }) }),
    };
  }
}

async function send(sink: TurnSink, text: string): Promise<void> {
  if (text !== '') await sink.onText(text);
}
