/**
 * A page that goes takes along what IndexedDB has not committed yet. What must not be lost is noted here, at once, until it stands
 * there, or has become needless. A note is as good as an entry: whoever reads the one reads the other.
 */
export interface Journal {
  note(key: string, value: unknown): void;
  done(key: string): void;
  /** What pages have noted, also those that are gone. */
  left(keyPrefix: string): [key: string, value: unknown][];
}

export function openJournal(name: string): Journal {
  const prefix = `${name}/`;
  /** A browser that keeps nothing throws here; then IndexedDB has to do alone. */
  const trying = <T>(use: () => T, otherwise: T): T => {
    try {
      return use();
    } catch {
      return otherwise;
    }
  };
  return {
    note: (key, value) => trying(() => localStorage.setItem(prefix + key, JSON.stringify(value)), undefined),
    done: key => trying(() => localStorage.removeItem(prefix + key), undefined),
    left: keyPrefix =>
      trying(
        () =>
          Object.keys(localStorage)
            .filter(key => key.startsWith(prefix + keyPrefix))
            .map(key => [key.slice(prefix.length), JSON.parse(localStorage.getItem(key) ?? 'null')]),
        [],
      ),
  };
}
