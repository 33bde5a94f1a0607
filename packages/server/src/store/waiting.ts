import type { Id } from '@carpenter/protocol';

/**
 * What waits for one lane, in a line for each person. They have their turns one after the other: whoever asks for much waits for
 * themselves. What one person asked for keeps its order, but for what is held: that lets pass what came after it.
 */
export interface Waiting<T extends { readonly who: Id }> {
  size(): number;
  /** … of one person. */
  sizeOf(who: Id): number;
  all(): T[];
  add(entry: T): void;
  /** Puts back what was taken, before all that its people wait for. */
  putBack(entries: readonly T[]): void;
  /** The first that is not held of who is next. */
  take(isHeld: (entry: T) => boolean): T | undefined;
  /** Goes round from person to person, and takes one of each at a time, up to the first of theirs that is none of these. */
  takeAll<U extends T>(most: number, isHeld: (entry: T) => boolean, isOne: (entry: T) => entry is U): U[];
  /** Takes out all of these, whoever is next. */
  drop(isOut: (entry: T) => boolean): T[];
}

export function createWaiting<T extends { readonly who: Id }>(): Waiting<T> {
  // The first person is the next one; who had a turn goes behind all others.
  const lines = new Map<Id, T[]>();
  let count = 0;

  /** One round after the other: whoever is put behind all others is come to again. */
  function takeAll<U extends T>(most: number, isHeld: (entry: T) => boolean, isOne: (entry: T) => entry is U): U[] {
    const taken: U[] = [];
    for (const [who, line] of lines) {
      if (taken.length === most) break;
      const at = line.findIndex(entry => !isHeld(entry));
      const entry = line[at];
      if (!entry || !isOne(entry)) continue;
      taken.push(entry);
      if (at === 0) line.shift();
      else line.splice(at, 1);
      lines.delete(who);
      if (line.length > 0) lines.set(who, line);
    }
    count -= taken.length;
    return taken;
  }

  const lineOf = (who: Id): T[] => {
    const line = lines.get(who) ?? [];
    lines.set(who, line);
    return line;
  };

  return {
    size: () => count,
    sizeOf: who => lines.get(who)?.length ?? 0,
    all: () => [...lines.values()].flat(),
    add(entry) {
      lineOf(entry.who).push(entry);
      count++;
    },
    putBack(entries) {
      for (const entry of entries.toReversed()) lineOf(entry.who).unshift(entry);
      count += entries.length;
    },
    take: isHeld => takeAll(1, isHeld, (entry): entry is T => true)[0],
    takeAll,
    drop(isOut) {
      const out: T[] = [];
      for (const [who, line] of lines) {
        const kept: T[] = [];
        for (const entry of line) (isOut(entry) ? out : kept).push(entry);
        if (kept.length > 0) lines.set(who, kept);
        else lines.delete(who);
      }
      count -= out.length;
      return out;
    },
  };
}
