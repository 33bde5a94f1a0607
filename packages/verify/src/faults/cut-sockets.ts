import { type Fault, namesOf, some } from './fault.ts';

/** Links of a few break, for a moment or longer. */
export const cutSockets: Fault = {
  name: 'cut-sockets',
  plan(world, random) {
    const ways = some(world.ways, 0.1 + random.next() * 0.3, random);
    return {
      clients: namesOf(ways),
      cuts: true,
      forMs: random.whole(50, 5_000),
      on() {
        for (const way of ways) way.cut();
      },
      off() {
        for (const way of ways) way.heal();
      },
    };
  },
};
