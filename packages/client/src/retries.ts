import { worthRetrying } from '@carpenter/protocol';
import { backoff } from './backoff.ts';
import { ClientError } from './error.ts';

/** What failed and is worth it is tried again, by its name: after what the server asked for, else after longer and longer waits. */
export interface Retries {
  later(name: string, error: unknown, work: () => void): void;
  /** It failed, and its next try comes by itself. */
  waits(name: string): boolean;
  /** It went well, or nobody wants it any more. */
  done(name: string): void;
  close(): void;
}

export function createRetries(random: () => number): Retries {
  const failed = new Map<string, number>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let closed = false;

  function done(name: string): void {
    clearTimeout(timers.get(name));
    timers.delete(name);
    failed.delete(name);
  }

  return {
    later(name, error, work) {
      if (closed || !(error instanceof ClientError) || !worthRetrying(error.code)) return done(name);
      const tries = (failed.get(name) ?? 0) + 1;
      failed.set(name, tries);
      clearTimeout(timers.get(name));
      const go = () => {
        timers.delete(name);
        work();
      };
      timers.set(name, setTimeout(go, backoff(tries, random(), error.retryAfterMs)));
    },
    waits: name => timers.has(name),
    done,
    close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
