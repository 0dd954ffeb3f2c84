/** What the parser reads as an operator behind a number, and nobody needs: so it can be our percent sign. */
const PERCENT = "'";

/**
 * The expression in the words of the parser, made of what models and people write: `3 x 4`, `12 × 3 = ?`, `15% of 80`,
 * `$1,234.50 * 2`, `2 ** 3`, `√16`. Thousands separators go where they can be nothing else.
 * @throws SyntaxError where a comma may be one or the other
 */
export function normalized(text: string): string {
  if (/['"]/.test(text)) throw new SyntaxError('expected numbers only, found a quotation mark');
  const plain = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^(what is|calculate|compute) /i, '')
    .replace(/[\s=?]+$/, '')
    .replace(/[−–—]/g, '-')
    .replace(/[×∙·⋅]/g, '*')
    .replace(/÷/g, '/')
    .replace(/\*\*/g, '^')
    .replace(/²/g, '^2')
    .replace(/³/g, '^3')
    .replace(/π/g, 'pi')
    .replace(/√ ?(\d+(?:\.\d+)?|(?=\())/g, (_all, number: string) => (number === '' ? 'sqrt' : `sqrt(${number})`))
    .replace(/[$€£] ?(?=[\d.])/g, '')
    .replace(/ ?% of /gi, `${PERCENT} * `)
    // Before a number `%` is the rest of a division; `5% + 1` and `10 % -3` differ by where the blank is.
    .replace(/(?<=[\d)!])(%(?= ?[-+])| ?%(?= ?(?:[*/^!,)]|$)))/g, PERCENT)
    .replace(/(?<=[\d)]) ?x ?(?=[\d(.-])/gi, (found, at: number, whole: string) => (isHex(whole, at) ? found : ' * '));
  return withoutThousands(plain);
}

/** `0x1F` is a number in hexadecimal, no product. */
function isHex(text: string, at: number): boolean {
  return text[at] !== ' ' && text[at - 1] === '0' && !/[\d.]/.test(text[at - 2] ?? '');
}

function withoutThousands(text: string): string {
  // Where functions or lists are, commas stand between their parts.
  if (!text.includes(',') || /[a-z]\w* ?\(|\[/i.test(text)) return text;
  const joined = text.replace(/(?<![\d.,])\d{1,3}(,\d{3})+(?![\d,])/g, (number) => number.replaceAll(',', ''));
  if (joined.includes(',')) throw new SyntaxError('write 1.5 for one and a half, and 1000 or 1,000 for a thousand');
  return joined;
}
