/** So much text in one answer: a page of the longest messages must not look like a reader that is too slow, nor fill our memory. */
const pageMaxChars = 128 * 1024;

/** The first of them that hold so much text together, at least one. */
export function withinChars<T>(rows: readonly T[], textOf: (row: T) => string): T[] {
  let chars = 0;
  const end = rows.findIndex(row => {
    chars += textOf(row).length;
    return chars > pageMaxChars;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(end, 1));
}
