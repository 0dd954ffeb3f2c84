import { stdSerializers } from 'pino';

const REDACTED = '[redacted]';
const DEEPEST = 8;
const MOST_ITEMS = 200;

/** Names, in lower case and without `-` and `_`, whose values are never written. */
const SECRET_NAMES =
  /^(authorization|proxyauthorization|cookie|setcookie|auth|credentials?|passphrase|pwd|passwd|databaseurl|redisurl|dsn|connectionstring)$|(apikey|password|secret|token|privatekey|accesskey|secretkey|signingkey|encryptionkey|sessionid)$/;

/** Texts that are secrets by their looks, wherever they stand. None of the patterns goes over a quote or a backslash. */
const SECRET_TEXTS: [RegExp, string][] = [
  // Keys of providers of models: OpenAI, Anthropic, OpenRouter, Groq, xAI, Google, Hugging Face, Perplexity.
  [/\b(?:sk|rk|pk)-[A-Za-z0-9_-]{16,}/g, REDACTED],
  [/\b(?:gsk|xai|hf|pplx|nvapi|r8)[_-][A-Za-z0-9_-]{16,}/g, REDACTED],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, REDACTED],
  // Of platforms: AWS, GitHub, GitLab, Slack, Stripe.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,})/g, REDACTED],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g, REDACTED],
  [/\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}/g, REDACTED],
  // Ours, and of webhooks.
  [/\baos_[A-Za-z0-9_-]{8,}/g, REDACTED],
  [/\bwhsec_[A-Za-z0-9+/=_-]{16,}/g, REDACTED],
  // JSON Web Tokens, and what follows a scheme of HTTP.
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g, REDACTED],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // Addresses with a password, and with secrets in their query.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"'\\]*):[^\s/@"'\\]+@/gi, `$1:${REDACTED}@`],
  [
    /([?&;](?:api[_-]?key|key|access[_-]?token|id[_-]?token|token|sig|signature|password|secret|code)=)[^&\s"'\\#]+/gi,
    `$1${REDACTED}`,
  ],
  // `password=…` and `api_key: …` in messages.
  [/\b((?:api[_-]?key|password|passwd|secret|token)\s*[=:]\s*)(?!\[redacted\])[^\s,;"'\\&)}\]]{6,}/gi, `$1${REDACTED}`],
  // Private keys, also as JSON writes them.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^"]*?-----END [A-Z ]*PRIVATE KEY-----/g, REDACTED],
  // One-time links: whoever has one can decide with it.
  [/(\/d\/)[A-Za-z0-9_.~-]{16,}/g, `$1${REDACTED}`],
];

/** A text without what looks like a secret. Also for JSON: it stays JSON. */
export function redactText(text: string): string {
  return SECRET_TEXTS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}

/** The fields of a log line with the values of secret names left out, in whatever depth, and errors as objects. */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, DEEPEST);
}

function redactObject(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST_ITEMS)
      .map(([name, one]) => [name, isSecret(name, one) ? REDACTED : redact(one, depth - 1)]),
  );
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth <= 0) return '[deep]';
  if (value instanceof Error) return redactObject(asObject(value), depth);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((one) => redact(one, depth - 1));
  if (value instanceof Headers || value instanceof Map) return redactObject(Object.fromEntries(value), depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return redactObject(value, depth);
  // Dates and the like say how they are written; of other classes what they hold.
  return 'toJSON' in value ? value : redactObject(value, depth);
}

/** An error's own text has the causes' texts in it; they also come on their own, with their fields. */
function asObject(error: Error): object {
  const { type, message, stack, ...own } = stdSerializers.err(error);
  return { type, message, stack, ...own, ...(error.cause !== undefined && { cause: error.cause }) };
}

/** Numbers and flags are no secrets: `maxToken: 5`. */
function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean') return false;
  return SECRET_NAMES.test(name.toLowerCase().replaceAll(/[-_.]/g, ''));
}
