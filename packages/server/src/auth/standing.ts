import { type Id, refuse } from '@carpenter/protocol';
import type { Bus } from '../bus/bus.ts';
import { createRecent } from '../recent.ts';
import type { Db } from '../store/database.ts';
import { type Standing, standingOf } from '../store/sessions.ts';

interface Question {
  readonly userId: Id;
  readonly standing: Promise<Standing>;
}

/**
 * Asks PostgreSQL whether a session still stands, at most every 30 s per session. The bus tells all nodes at once when one
 * ends, and the answer is thrown away; the 30 s only bound what happens when the bus lost that word. What is kept
 * is the question under way: a thousand requests at once ask once, and an answer older than the end is never used.
 */
export function createStandings(db: Db, bus: Bus) {
  const asked = createRecent<Id, Question>(100_000, 30_000);
  bus.listen(told => {
    if (told.to !== 'hub' || told.change !== 'session.ended') return;
    if (told.sessionId !== undefined) asked.delete(told.sessionId);
    else for (const [sessionId, { userId }] of asked.entries()) if (userId === told.userId) asked.delete(sessionId);
  });

  function ask(sessionId: Id, userId: Id): Question {
    const question = { userId, standing: standingOf(db, sessionId) };
    asked.set(sessionId, question);
    question.standing.catch(() => asked.delete(sessionId)); // told to whoever waits; the next one asks again
    return question;
  }

  /** @throws auth.expired (the session ended), auth.suspended */
  return async function mustStand(sessionId: Id, userId: Id): Promise<void> {
    let question = asked.get(sessionId) ?? ask(sessionId, userId);
    let standing = await question.standing;
    while (standing === 'live' && asked.get(sessionId) !== question) {
      question = asked.get(sessionId) ?? ask(sessionId, userId); // it may have ended while the answer was on its way
      standing = await question.standing;
    }
    if (standing === 'suspended') refuse('auth.suspended', {});
    if (standing === 'ended') refuse('auth.expired', {});
  };
}
