/**
 * Arrows, Home and End go through a list; a letter goes to the next entry that begins with it.
 * @returns whether the key was one of them
 */
export function moveFocus(
  entries: readonly HTMLElement[],
  key: string,
  nameOf: (entry: HTMLElement) => string,
): boolean {
  const at = entries.findIndex(entry => entry.matches(':focus'));
  const go = (to: HTMLElement | undefined) => {
    to?.focus();
    return to !== undefined;
  };
  if (key === 'ArrowDown') return go(entries[Math.min(at + 1, entries.length - 1)]);
  if (key === 'ArrowUp') return go(entries[Math.max(at - 1, 0)]);
  if (key === 'Home') return go(entries[0]);
  if (key === 'End') return go(entries.at(-1));
  if (key.length !== 1 || !/\p{L}|\p{N}/u.test(key)) return false;
  const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
  return go(after.find(entry => nameOf(entry).trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase())));
}
