import type { Logger } from 'pino';

export interface Closer {
  /** Closed in the opposite order of adding. */
  add(close: () => Promise<void>): void;
  close(): Promise<void>;
}

/** Ctrl-C under npm comes twice at once: from the terminal, and passed on by npm. */
const sameKeyMs = 300;

/** The first SIGINT or SIGTERM closes what was opened so far, last things first, and ends the process with 0.
 *  The second one ends it at once, and so does `patienceMs` without an end; what is committed is safe, PostgreSQL
 *  recovers at the next start. */
export function closeOnSignal(log: Logger, patienceMs: number): Closer {
  const opened: (() => Promise<void>)[] = [];
  let since: number | undefined;

  async function close(): Promise<void> {
    for (let one = opened.pop(); one; one = opened.pop()) await one();
  }

  async function onSignal(signal: NodeJS.Signals): Promise<void> {
    if (since !== undefined && performance.now() - since > sameKeyMs) process.exit(1);
    if (since !== undefined) return;
    since = performance.now();
    log.info(`${signal}: closing. Once more ends it at once.`);
    setTimeout(() => {
      log.error(`closing took more than ${patienceMs / 1_000} s: ended as it is`);
      process.exit(1);
    }, patienceMs);
    try {
      await close();
      process.exit(0);
    } catch (error) {
      log.error(error, 'closing failed');
      process.exit(1);
    }
  }

  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return { add: one => opened.push(one), close };
}
