import type { Way } from '../world/types.ts';
import { type Fault, namesOf, some } from './fault.ts';

type Slowness = (way: Way) => void;
const passing =
  (bytesPerSecond: number): Slowness =>
  way =>
    way.throttle(bytesPerSecond);
const farAway: Slowness = way => way.delay(300);
const slownesses = [passing(0), passing(500), passing(5_000), passing(20_000), farAway];

/**
 * Some links become as slow as a bad phone's, as long as one round the world, or pass nothing on at all: the node may not wait for them, nor
 * forget to tell them. Nobody is ended with 4410 here: what a client hears in that time (some 80 KB) the kernel takes, and one that hears
 * nothing for 15 s goes by itself.
 */
export const slowReaders: Fault = {
  name: 'slow-readers',
  plan(world, random) {
    const ways = some(world.ways, 0.2, random);
    const slowed = ways.map(way => ({ way, slow: random.pick(slownesses) }));
    return {
      clients: namesOf(ways),
      frozen: true,
      cuts: true,
      forMs: random.whole(5_000, 15_000),
      on() {
        for (const { way, slow } of slowed) slow(way);
      },
      off() {
        for (const way of ways) way.heal();
      },
    };
  },
};
