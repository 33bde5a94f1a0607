/** Something that is looked after from time to time. */
export interface Visited {
  /**
   * @param late  the event loop was blocked: silence before now proves nothing
   * @returns the next visit, on the clock of `performance.now()`; undefined: none
   */
  visit(now: number, late: boolean): number | undefined;
}

/**
 * One timer for all connections: heartbeats, deadlines and expiries are visits in slots of a second. A slot's visits
 * go out in one pass, so that their pings cost few writes and no connection needs a timer of its own.
 */
export interface Wheel {
  /** @param time  on the clock of `performance.now()`, which nobody can set */
  at(time: number, visited: Visited): void;
  close(): void;
}

export function createWheel(): Wheel {
  const slots = new Map<number, Visited[]>();
  let done = Math.floor(performance.now() / slotMs);
  let lastTick = performance.now();

  function at(time: number, visited: Visited): void {
    const slot = Math.max(Math.ceil(time / slotMs), done + 1);
    const present = slots.get(slot);
    if (present) present.push(visited);
    else slots.set(slot, [visited]);
  }

  const timer = setInterval(() => {
    const now = performance.now();
    const late = now - lastTick > 3 * slotMs;
    lastTick = now;
    const current = Math.floor(now / slotMs);
    while (done < current) {
      done++;
      const due = slots.get(done);
      if (!due) continue;
      slots.delete(done);
      for (const visited of due) {
        const next = visited.visit(now, late);
        if (next !== undefined) at(next, visited);
      }
    }
  }, slotMs);
  timer.unref();

  return { at, close: () => clearInterval(timer) };
}

const slotMs = 1_000;
