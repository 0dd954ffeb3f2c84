import { asText, entriesOf, found, isRecord } from './import-values.js';
import type { ImportReport } from './import-report.js';

/** Families of models, as their names begin. */
const FAMILIES =
  /^(gpt|chatgpt|o\d|claude|gemini|gemma|llama|mistral|mixtral|codestral|ministral|magistral|deepseek|qwen|qwq|command|grok|kimi|phi|nova|granite|nemotron|smollm|yi|glm|sonar|solar|hermes|falcon|jamba|titan|text-)/i;

/** Whether a name can be a model's, as against the Python function that makes one (`openai_llm`, `llm_smart`). */
export function looksLikeModel(name: string): boolean {
  if (!/^[A-Za-z0-9@][\w.:@/+-]{1,190}$/.test(name) || /(^|_)llm(_|$)/i.test(name)) return false;
  if (name.includes('/')) return /^[^/].*[^/]$/.test(name);
  return FAMILIES.test(name) && /[\d-]/.test(name) && !/_(llm|model)$/i.test(name);
}

/** Most models that an agent falls back through. */
const MAX_MODELS = 5;

/** Settings of a model object that say where and with which key it is asked: they are the operator's. */
const PLACE_KEYS = /key|url|base|endpoint|deployment|version|region|project|organi[sz]ation|credential/i;

/** A model as CrewAI names it: a name, an object around one, a list. Undefined where no name can be read. */
export function importLlm(value: unknown, path: string, report: ImportReport): string | string[] | undefined {
  if (Array.isArray(value)) {
    const names = value.flatMap((item, at) => importLlm(item, `${path}.${at}`, report) ?? []).slice(0, MAX_MODELS);
    return names.length > 1 ? names : names[0];
  }
  if (isRecord(value)) return fromObject(value, path, report);
  const name = asText(value);
  if (name === '') return undefined;
  if (looksLikeModel(name)) return named(name, path, report);
  report.unknown.push({
    path,
    message: `Left out: ${found(name)} is no model's name but a function or variable. Set llm to a model of models.yaml; without it the default model works`,
  });
  return undefined;
}

function fromObject(value: Record<string, unknown>, path: string, report: ImportReport): string | undefined {
  const entries = new Map(entriesOf(value).map(([key, item]) => [key.trim().toLowerCase(), item]));
  const model = asText(
    entries.get('model') ?? entries.get('model_name') ?? entries.get('deployment_name') ?? entries.get('name'),
  );
  const provider = asText(entries.get('provider')).toLowerCase();
  const name = provider !== '' && model !== '' && !model.includes('/') ? `${provider}/${model}` : model;
  const others = [...entries.keys()].filter(
    (key) => !['model', 'model_name', 'name', 'provider', 'max_tokens'].includes(key),
  );
  if (!looksLikeModel(name)) {
    report.unknown.push({ path, message: 'Left out: the object names no model. Set llm to a model of models.yaml' });
    return undefined;
  }
  const place = others.filter((key) => PLACE_KEYS.test(key));
  const settings = others.filter((key) => !PLACE_KEYS.test(key));
  if (settings.length > 0) {
    report.warnings.push({
      path,
      message: `Left out: ${settings.join(', ')}. They are set for the model, in models.yaml`,
    });
  }
  if (place.length > 0) {
    report.toSet.push({
      path,
      message: `${place.join(', ')} of '${name}' belong into models.yaml and the environment`,
    });
  }
  return named(name, path, report);
}

/** Longest answer that a model object sets, in tokens. */
export function maxTokensOf(value: unknown): unknown {
  return isRecord(value) && Object.hasOwn(value, 'max_tokens') ? value['max_tokens'] : undefined;
}

function named(name: string, path: string, report: ImportReport): string {
  report.toSet.push({
    path,
    message: `The model '${name}' has to be configured: the key of its provider, or an entry in models.yaml`,
  });
  return name;
}
