import type pg from 'pg';
import { type Fault, needsOwn, ownOf, some } from './fault.ts';

/** What answers read and sends do not: whoever comes now has to wait, and holds a connection of the pool while he does. */
const readByAnswers = 'LOCK TABLE blocks, auth_sessions IN ACCESS EXCLUSIVE MODE';
/** One of the busiest conversations: its changes wait, and no other's. */
const oneConversation = `SELECT FROM conversation_heads WHERE conversation_id =
  (SELECT conversation_id FROM conversation_heads ORDER BY last_seq DESC, conversation_id LIMIT 1 OFFSET $1) FOR UPDATE`;

/** Somebody's long transactions hold what reads need, so that the pool of connections runs dry as clients come back, and everybody's answers wait; and one conversation. */
export const poolStarved: Fault = {
  name: 'pool-starved',
  cannot: needsOwn,
  plan(world, random) {
    const { postgres } = ownOf(world);
    const ways = some(world.ways, 0.2, random);
    const offset = random.whole(0, 3);
    const holding: pg.Client[] = [];
    const hold = async (sql: string, values: unknown[]) => {
      const client = await postgres.connect();
      holding.push(client);
      await client.query('BEGIN');
      await client.query(sql, values);
    };
    return {
      cuts: true,
      forMs: random.whole(3_000, 7_000),
      async on() {
        await Promise.all([hold(readByAnswers, []), hold(oneConversation, [offset])]);
        for (const way of ways) way.cut();
        for (const way of ways) way.heal();
      },
      async off() {
        await Promise.all(holding.map(client => client.end()));
      },
    };
  },
};
