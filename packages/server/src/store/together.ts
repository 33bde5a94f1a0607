interface Asked<Q, A> {
  readonly question: Q;
  readonly answer: (answer: A) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Asks together what is asked at the same time, as the lanes store: what comes while statements are under way waits and goes with the next
 * one. So a question by itself goes at once, and a thousand people who come back at the same moment cost a tenth of their statements.
 * @param ask     answers in the order of the questions
 * @param atOnce  statements under way
 * @param most    questions of one: their answers are in memory at the same time
 */
export function createTogether<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
  { atOnce, most }: { readonly atOnce: number; readonly most: number },
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
