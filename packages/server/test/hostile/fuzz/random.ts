import { chanceOf } from '../../chance.ts';

/** Chance from a seed: the same seed, the same choices. */
export interface Random {
  /** A whole number, 0 ≤ n < below. */
  below(below: number): number;
  pick<T>(list: readonly T[]): T;
  /** True once in so many. */
  once(in_: number): boolean;
}

export function randomOf(seed: number): Random {
  const next = chanceOf(Math.imul(seed, 0x9e3779b1)); // neighbours far apart
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
