/** Shorter values occur by chance, and could not be taken out of texts. */
export const MIN_SECRET_CHARS = 8;

/**
 * Every way in which a value is likely to come back in a text: as it is, escaped for JSON, URLs and HTML, as hex, and as base64, also
 * in the middle of something longer (`user:password` of basic authentication). Longest first.
 */
export function writingsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const url = encodeURIComponent(value);
  const lowerEscapes = (text: string) => text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  const form = new URLSearchParams({ v: value }).toString().slice(2);
  const json = JSON.stringify(value).slice(1, -1);
  const hex = bytes.toString('hex');
  const html = value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  const base64 = [0, 1, 2].map((before) => base64Within(bytes, before));
  const all = [
    ...[value, json, json.replaceAll('/', '\\/'), url, lowerEscapes(url), form, lowerEscapes(form), html],
    ...[hex, hex.toUpperCase()],
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(all)]
    .filter((text) => text.length >= MIN_SECRET_CHARS)
    .sort((one, other) => other.length - one.length);
}

/** The characters of base64 that these bytes alone decide, where `before` others come before them. */
function base64Within(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}
