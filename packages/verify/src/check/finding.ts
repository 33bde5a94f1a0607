/** The lines of the promise (docs/guarantees.md). `alive` is none of them: a run in which nothing happened proves nothing. */
export const promises = ['durable', 'once', 'ordered', 'complete', 'private', 'explained', 'alive'] as const;
export type PromiseLine = (typeof promises)[number];

/** What it is about. */
export interface About {
  readonly conv?: string | undefined;
  readonly clientId?: string | undefined;
  readonly seq?: number | undefined;
  readonly id?: string | undefined;
  /** A client. */
  readonly p?: string | undefined;
}

/** A line of the promise was broken. `lines`: the fewest lines of the history that show it, counted from 1, as editors do. */
export interface Finding {
  readonly promise: PromiseLine;
  /** In the words of the promise: "acknowledged message lost". */
  readonly title: string;
  readonly words: string;
  readonly about: About;
  readonly lines: readonly number[];
}

/** All findings of one title: all are counted, the first few are shown. */
export interface Found {
  readonly promise: PromiseLine;
  readonly title: string;
  readonly count: number;
  readonly shown: readonly Finding[];
}

export type Find = (title: string, words: string, about: About, ...lines: (number | undefined)[]) => void;

const shownAtMost = 20;

export function createFindings() {
  const byTitle = new Map<string, { promise: PromiseLine; title: string; count: number; shown: Finding[] }>();
  return {
    of:
      (promise: PromiseLine): Find =>
      (title, words, about, ...lines) => {
        const found = byTitle.get(title) ?? { promise, title, count: 0, shown: [] };
        byTitle.set(title, found);
        found.count += 1;
        if (found.shown.length >= shownAtMost) return;
        const shown = [...new Set(lines.filter(line => line !== undefined))].sort((a, b) => a - b);
        found.shown.push({ promise, title, words, about, lines: shown });
      },
    all: (): Found[] => [...byTitle.values()],
  };
}
