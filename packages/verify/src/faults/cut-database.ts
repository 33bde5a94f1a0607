import { setTimeout as pause } from 'node:timers/promises';
import type { Way } from '../world/types.ts';
import { type Fault, needsOwn, ownOf } from './fault.ts';

/** Links between the nodes and their database break, some times in a row. All in all shorter than anybody may be late: who is there counts as there. */
export const cutDatabase: Fault = {
  name: 'cut-database',
  cannot: needsOwn,
  plan(world, random) {
    const { databaseWays: ways } = ownOf(world);
    const times = Array.from({ length: random.whole(1, 6) }, () => ({
      lostMs: random.whole(50, 200),
      backMs: random.whole(250, 600),
    }));
    return {
      forMs: random.whole(50, 500),
      async on() {
        for (const { lostMs, backMs } of times) {
          await loseAnswers(ways, lostMs);
          heal(ways);
          await pause(backMs);
        }
        await loseAnswers(ways, 0);
      },
      off: () => heal(ways),
    };
  },
};

/** What was asked is done, and nobody learns of it. */
async function loseAnswers(ways: readonly Way[], forMs: number): Promise<void> {
  for (const way of ways) way.throttle(0);
  await pause(forMs);
  for (const way of ways) way.cut();
}

function heal(ways: readonly Way[]): void {
  for (const way of ways) way.heal();
}
