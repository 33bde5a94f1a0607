import { type Fault, namesOf, some } from './fault.ts';

/**
 * Some links become as slow as a bad phone's, or pass nothing on at all: the node may not wait for them, nor forget to tell them. Nobody is
 * ended with 4410 here: what a client hears in that time (some 80 KB) the kernel takes, and one that hears nothing for 15 s goes by itself.
 */
export const slowReaders: Fault = {
  name: 'slow-readers',
  plan(world, random) {
    const ways = some(world.ways, 0.2, random);
    const speeds = ways.map(way => ({ way, bytesPerSecond: random.pick([0, 500, 5_000, 20_000]) }));
    return {
      clients: namesOf(ways),
      frozen: true,
      cuts: true,
      forMs: random.whole(5_000, 15_000),
      on() {
        for (const { way, bytesPerSecond } of speeds) way.throttle(bytesPerSecond);
      },
      off() {
        for (const way of ways) way.heal();
      },
    };
  },
};
