/** Chance from a seed: all that a run does by chance is the same for the same seed, its times as far as machines allow. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, `from` ≤ n < `below`. */
  whole(from: number, below: number): number;
  /** One of them. @throws where there are none */
  pick<T>(list: readonly T[]): T;
  /** A new list in another order. */
  shuffle<T>(list: readonly T[]): T[];
  /** A stream of its own: what one part takes from it does not change what another gets. */
  fork(name: string): Random;
}

export function randomOf(seed: number): Random {
  let state = seed | 0;
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, below: number) => from + Math.floor(next() * (below - from));
  const pick = <T>(list: readonly T[]): T => {
    for (const one of list.slice(whole(0, list.length))) return one;
    throw new RangeError('Nothing to pick from.');
  };
  return {
    next,
    whole,
    pick,
    shuffle: list =>
      list
        .map(one => ({ one, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ one }) => one),
    fork: name => randomOf(mix(seed, name)),
  };
}

/** FNV-1a over the name, from the seed on. */
function mix(seed: number, name: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
