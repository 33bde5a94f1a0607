/**
 * A page that goes takes along what IndexedDB has not committed yet. What must not be lost stands here, written at once, until then.
 * Where another tab is still at it, its value may be put in twice: a message is sent once all the same, by its `clientId`.
 */
export interface Journal {
  note(key: string, value: unknown): void;
  done(key: string): void;
  /** What pages that are gone have left. */
  left(): [key: string, value: unknown][];
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
    left: () =>
      trying(
        () =>
          Object.keys(localStorage)
            .filter(key => key.startsWith(prefix))
            .map(key => [key.slice(prefix.length), JSON.parse(localStorage.getItem(key) ?? 'null')]),
        [],
      ),
  };
}
