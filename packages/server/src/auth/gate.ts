/**
 * Lets `atOnce` pieces of work run at a time, `maxWaiting` more wait in the order in which they came.
 * @returns a function that runs `work` in its turn; `full` is called instead when too many wait (it throws)
 */
export function createGate(atOnce: number, maxWaiting: number, full: (waiting: number) => never) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < atOnce) running++;
    else if (waiting.length >= maxWaiting) full(waiting.length);
    else await new Promise<void>(go => waiting.push(go)); // whoever finishes hands its place over
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
