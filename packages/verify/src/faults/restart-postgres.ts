import { type Fault, needsOwn, ownOf } from './fault.ts';

const backWithinMs = 60_000;

/** PostgreSQL goes down in order, as for an upgrade, and comes back. */
export const restartPostgres: Fault = {
  name: 'restart-postgres',
  cannot: needsOwn,
  plan(world, random) {
    const { postgres } = ownOf(world);
    return {
      forMs: random.whole(200, 1_000),
      on: () => postgres.restart(),
      off: () => postgres.ready(backWithinMs),
    };
  },
};
