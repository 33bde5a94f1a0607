/** Runs at most `max` at once, the others in their order. */
export function limiter(max: number): <T>(run: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async run => {
    if (running >= max) await new Promise<void>(resolve => queue.push(resolve));
    else running++;
    try {
      return await run();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
