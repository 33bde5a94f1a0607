import type { Exit } from '../history.ts';
import { type Fault, needsOwn, ownOf } from './fault.ts';

/** A node is told to stop in order, as for an upgrade, and comes back at the same address. It cuts nobody off: each end has its code. */
export const restartNode: Fault = {
  name: 'restart-node',
  cannot: needsOwn,
  plan(world, random) {
    const node = random.pick(ownOf(world).nodes);
    let exit: Exit | undefined;
    return {
      forMs: random.whole(200, 2_000),
      async on() {
        exit = await node.drain();
      },
      off: () => node.start(),
      exit: () => exit,
    };
  },
};
