/** Does `work`, which watches `signal`, within so many milliseconds.
 *  @throws Error with `words` when time is up, whether it watches or not */
export async function within<T>(ms: number, words: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`${words} (after ${ms / 1_000} s)`);
      over.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([work(over.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
