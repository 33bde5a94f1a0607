/** Each three letters that stand together in a word: whatever holds the word holds all of them. */
export function gramsOf(word: string): string[] {
  const letters = [...word];
  return [...new Set(letters.slice(2).map((_, i) => letters.slice(i, i + 3).join('')))];
}

/**
 * Where to look for what a word may have been before one typing error: the error is either behind `start` or before `end`, or the two
 * letters in the middle changed places (`turned`).
 * Undefined: short words are too much alike, numbers are meant as they are.
 */
export function typoRange(
  word: string,
): { start: string; end: string; turned: string; letters: readonly [number, number] } | undefined {
  if (!/^\D{4,24}$/u.test(word)) return undefined;
  const letters = [...word];
  const kept = Math.floor(letters.length / 2);
  const [left = '', right = '', ...rest] = letters.slice(kept - 1);
  return {
    start: letters.slice(0, kept).join(''),
    end: letters.slice(-kept).join(''),
    turned: [...letters.slice(0, kept - 1), right, left, ...rest].join(''),
    letters: [letters.length - 1, letters.length + 1],
  };
}

/** Whether one letter more, less, other, or two neighbours that changed places make one word of the other. */
export function isTypo(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false; // a letter has two units at most
  const [left, right] = [[...a], [...b]];
  if (Math.abs(left.length - right.length) > 1) return false;
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const [l, r] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  if (l.length <= 1 && r.length <= 1) return true;
  return l.length === 2 && r.length === 2 && l[0] === r[1] && l[1] === r[0];
}
