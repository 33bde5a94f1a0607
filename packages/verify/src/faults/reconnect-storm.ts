import type { Fault } from './fault.ts';

/** All links break at once, and all clients come back at once. */
export const reconnectStorm: Fault = {
  name: 'reconnect-storm',
  plan: ({ ways }, random) => ({
    cuts: true,
    forMs: random.whole(20, 500),
    on() {
      for (const way of ways) way.cut();
    },
    off() {
      for (const way of ways) way.heal();
    },
  }),
};
