import pg from 'pg';
import type { Connection, Db } from './database.ts';

/** @returns in the order of the questions */
type Ask<Q, A> = (db: Connection, questions: readonly Q[]) => Promise<readonly A[]>;

/** Of one kind of question: more would only wait in line for a connection. */
const statementsAtOnce = 2;
/** Questions of one statement: their answers are in memory at the same time. */
const questionsMax = 8;

/**
 * Asks together what is asked of the pool at the same time, as the lanes store: what comes while statements are under way waits and goes
 * with the next one. So a question by itself goes at once, and all who come back at the same moment cost an eighth of their statements.
 * Within a transaction it is asked at once.
 */
export function askedTogether<Q, A>(ask: Ask<Q, A>): (db: Connection, question: Q) => Promise<A> {
  const pools = new WeakMap<Db, (question: Q) => Promise<A>>();
  return (db, question) => {
    const together = (db instanceof pg.Pool ? pools.get(db) : undefined) ?? createTogether(ask.bind(undefined, db));
    if (db instanceof pg.Pool) pools.set(db, together);
    return together(question);
  };
}

interface Asked<Q, A> {
  readonly question: Q;
  readonly answer: (answer: A) => void;
  readonly fail: (error: unknown) => void;
}

/** @param atOnce statements under way @param most questions of one */
export function createTogether<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
  { atOnce = statementsAtOnce, most = questionsMax } = {},
): (question: Q) => Promise<A> {
  const waiting: Asked<Q, A>[] = [];
  let underWay = 0;

  async function askSome(): Promise<void> {
    const some = waiting.splice(0, most);
    try {
      const answers = await ask(some.map(({ question }) => question));
      for (const [i, answer] of answers.entries()) some[i]?.answer(answer);
    } catch (error) {
      for (const { fail } of some) fail(error);
    }
  }

  async function goOn(): Promise<void> {
    underWay++;
    while (waiting.length > 0) await askSome();
    underWay--;
  }

  return question =>
    new Promise((answer, fail) => {
      waiting.push({ question, answer, fail });
      if (underWay < atOnce) void goOn();
    });
}
