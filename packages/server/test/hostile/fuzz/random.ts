/** Chance from a seed: the same seed, the same choices. */
export interface Random {
  /** A whole number, 0 ≤ n < below. */
  below(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True once in so many. */
  once(in_: number): boolean;
}

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick(list) {
      const at = below(list.length);
      for (const one of list.slice(at, at + 1)) return one;
      throw new RangeError('There is nothing to pick from.');
    },
    once: in_ => below(in_) === 0,
  };
}
