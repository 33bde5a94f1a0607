import { type Fault, needsOwn, ownOf } from './fault.ts';

const backWithinMs = 60_000;

/**
 * In turn: PostgreSQL's first process dies, and all others with it; one of the others dies, and it ends the rest by itself. It recovers
 * from its log.
 */
export const killPostgres: Fault = {
  name: 'kill-postgres',
  cannot: needsOwn,
  plan(world, random, turn) {
    const { postgres } = ownOf(world);
    return {
      crashes: true,
      forMs: random.whole(200, 2_000),
      on: () => (turn % 2 === 0 ? postgres.killPostmaster() : postgres.killBackend()),
      off: () => postgres.ready(backWithinMs),
    };
  },
};
