/** Grammars in GBNF, llama.cpp's own notation, for what no JSON Schema can say. */

/** One of some words, then a quotation mark. */
export function wordGrammar(words: readonly string[]): string {
  return `root ::= (${words.map((word) => JSON.stringify(word)).join(' | ')}) "\\""`;
}

/**
 * Any JSON object, but one that ends: bounded in width, depth and the length of its texts, because a small model
 * that may go on does go on.
 */
export const JSON_OBJECT = String.raw`
root ::= "{" pair ("," " "? pair){0,7} "}"
pair ::= key ":" " "? value
key ::= "\"" [a-zA-Z_] [a-zA-Z0-9_]{0,30} "\""
value ::= scalar | list | flat
list ::= "[" (scalar ("," " "? scalar){0,7})? "]"
flat ::= "{" (field ("," " "? field){0,5})? "}"
field ::= key ":" " "? scalar
scalar ::= text | number | "true" | "false" | "null"
text ::= "\"" char{0,160} "\""
char ::= [^"\\\x7F\x00-\x1F] | "\\" ["\\/bfnrt]
number ::= "-"? ("0" | [1-9] [0-9]{0,8}) ("." [0-9]{1,6})?
`.trim();
