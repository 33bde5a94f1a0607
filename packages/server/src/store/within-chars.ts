/** So much in one answer: a page of the largest messages must not look like a reader that is too slow, nor fill our memory. */
const pageMaxChars = 128 * 1024;

/**
 * The first of them that hold so much together, at least one.
 * @param messagesOf  what is counted of a row: all of it without this
 */
export function withinChars<T extends object>(
  rows: readonly T[],
  messagesOf: (row: T) => readonly (object | null)[] = row => [row],
): T[] {
  let chars = 0;
  const end = rows.findIndex(row => {
    for (const message of messagesOf(row)) if (message) chars += charsOf(message);
    return chars > pageMaxChars;
  });
  return rows.slice(0, end === -1 ? rows.length : Math.max(end, 1));
}

/** Texts, and all that hangs on a message: files, reactions, metadata. As they travel: a control character becomes six. */
function charsOf(row: object): number {
  let chars = 0;
  for (const value of Object.values(row)) {
    if (typeof value === 'string' || (typeof value === 'object' && value !== null))
      chars += JSON.stringify(value).length;
  }
  return chars;
}
