import { type Fault, needsOwn, ownOf } from './fault.ts';

/** A node stands still. In turn: shorter than clients wait for a sign of life (15 s), and longer. */
export const freezeNode: Fault = {
  name: 'freeze-node',
  cannot: needsOwn,
  plan(world, random, turn) {
    const node = random.pick(ownOf(world).nodes);
    return {
      frozen: true,
      cuts: true,
      forMs: turn % 2 === 0 ? random.whole(2_000, 7_000) : random.whole(16_000, 19_000),
      on: () => node.freeze(),
      off: () => node.thaw(),
    };
  },
};
