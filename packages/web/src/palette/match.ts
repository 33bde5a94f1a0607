/** As it is compared: without accents and case. */
export const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

export interface Match {
  /** The higher, the better. */
  readonly score: number;
  /** Which letters of the text fit, as ranges. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

/** How well a text fits what was typed: as its beginning, a word's beginning, a part, or letter by letter. Undefined: not at all. */
export function match(query: string, text: string): Match | undefined {
  const asked = plain(query).trim();
  if (asked === '') return { score: 0, ranges: [] };
  // Letter by letter, so that what fits can be shown in the text as it is.
  const letters = [...text];
  const starts = [0];
  for (const letter of letters) starts.push((starts.at(-1) ?? 0) + letter.length);
  const folded = letters.map(plain);
  const whole = folded.join('');
  const at = whole.indexOf(asked);
  const rangeOf = (from: number, to: number) => ({ from: starts[from] ?? 0, to: starts[to] ?? text.length });
  if (at >= 0 && whole.length === letters.length) {
    const word = wordAt(whole, asked);
    const begin = word ?? at;
    const score = begin === 0 ? 100 : word === undefined ? 50 : 80;
    return { score, ranges: [rangeOf(begin, begin + [...asked].length)] };
  }
  if (at >= 0) return { score: 50, ranges: [] };
  const hits: number[] = [];
  for (const letter of [...asked].filter(one => one !== ' ')) {
    const next = folded.findIndex((one, i) => i > (hits.at(-1) ?? -1) && one === letter);
    if (next < 0) return undefined;
    hits.push(next);
  }
  const spread = (hits.at(-1) ?? 0) - (hits[0] ?? 0) + 1 - hits.length;
  // Letters from all over a text mean nothing.
  if (spread > hits.length * 2) return undefined;
  return { score: 20 - spread, ranges: hits.map(i => rangeOf(i, i + 1)) };
}

function wordAt(text: string, asked: string): number | undefined {
  for (let at = text.indexOf(asked); at >= 0; at = text.indexOf(asked, at + 1))
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return at;
  return undefined;
}
