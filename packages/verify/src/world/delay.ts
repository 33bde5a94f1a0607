/** A link's length: what goes over it is done later, in its order. */
export interface Delay {
  /** From now on; what is under way is not overtaken. */
  set(byMs: number): void;
  pass(act: () => void): void;
  /** What is under way is lost. */
  close(): void;
}

export function createDelay(): Delay {
  let byMs = 0;
  let lastAt = 0;
  let underWay: { readonly act: () => void; readonly timer: NodeJS.Timeout }[] = [];
  return {
    set(ms) {
      byMs = ms;
    },
    pass(act) {
      if (byMs === 0 && underWay.length === 0) {
        act();
        return;
      }
      const now = performance.now();
      lastAt = Math.max(lastAt, now + byMs);
      // Whichever timer comes first, it is the turn of the oldest.
      underWay.push({ act, timer: setTimeout(() => underWay.shift()?.act(), lastAt - now) });
    },
    close() {
      for (const { timer } of underWay) clearTimeout(timer);
      underWay = [];
    },
  };
}
