import { type Fault, needsOwn, ownOf } from './fault.ts';

const hourMs = 3_600_000;

/** A node's clock is an hour ahead, or, in turn, behind. Nothing may hang on it: order, ids, who is logged in a moment later. */
export const clockJump: Fault = {
  name: 'clock-jump',
  cannot: needsOwn,
  plan(world, random, turn) {
    const node = random.pick(ownOf(world).nodes);
    return {
      forMs: random.whole(4_000, 10_000),
      on: () => node.setClock(turn % 2 === 0 ? hourMs : -hourMs),
      off: () => node.setClock(0),
    };
  },
};
