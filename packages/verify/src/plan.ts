import type { Random } from './world/random.ts';

/** Who talks with whom, by numbers of people from 0. */
export interface Plan {
  readonly type: 'direct' | 'group';
  /** The first one owns it. */
  readonly members: readonly number[];
  /** People come and go while the run goes on. */
  readonly changing: boolean;
  /** How often it is written in, against others. 0: one thing happens, and then nothing for a while. */
  readonly weight: number;
}

/**
 * Two of everybody, groups of 5 to 30, and pairs; each person in few enough that `ready` names all of them. About half are quiet: an event
 * that is lost there has no later one that tells of it.
 */
export function planOf(people: number, random: Random): readonly Plan[] {
  const everybody = random.shuffle(Array.from({ length: people }, (_, i) => i));
  const plans: Plan[] = [1, 0].map(weight => ({ type: 'group', members: everybody, changing: false, weight }));
  for (let n = 0; n < Math.max(4, people / 8); n++) {
    const size = Math.min(people, random.whole(5, 31));
    const members = random.shuffle(everybody).slice(0, size);
    plans.push({ type: 'group', members, changing: n % 4 === 0 && size > 3, weight: n % 2 === 0 ? 1 : 0 });
  }
  for (let i = 0; i + 1 < people; i++) {
    plans.push({ type: 'direct', members: everybody.slice(i, i + 2), changing: false, weight: i % 2 === 0 ? 0.3 : 0 });
  }
  return plans;
}
