import { type Fault, needsOwn, ownOf } from './fault.ts';

/** A node dies without a word, and comes back at the same address. */
export const killNode: Fault = {
  name: 'kill-node',
  cannot: needsOwn,
  plan(world, random) {
    const node = random.pick(ownOf(world).nodes);
    return { cuts: true, forMs: random.whole(200, 4_000), on: () => node.kill(), off: () => node.start() };
  },
};
