import type { Outlet } from './outlet.ts';
import { behindBytes } from './seat.ts';
import type { Wheel } from './wheel.ts';

/** A reader that has much waiting, and takes nothing of it for so long, is ended. */
const deafMaxMs = 20_000;
const everyMs = 5_000;

/**
 * Looks at a reader for as long as much is waiting for it. One that reads slowly stays: any byte that the kernel took since the last
 * look counts. It takes more in steps (Linux: once a third of its buffer is free), so below some 60 kB/s a full one may look deaf.
 * @param deaf  called when it took nothing for 20 s
 * @returns to be called after something was written
 */
export function watchReader(outlet: Pick<Outlet, 'holds' | 'next'>, wheel: Wheel, deaf: () => void): () => void {
  let watching = false;
  let next = 0;
  let tookAt = 0;

  function visit(now: number, late: boolean): number | undefined {
    const heavy = outlet.holds() > behindBytes;
    if (late || outlet.next() !== next) tookAt = now;
    next = outlet.next();
    watching = heavy && now - tookAt <= deafMaxMs;
    if (watching) return now + everyMs;
    if (heavy) deaf();
    return undefined;
  }

  return () => {
    if (watching || outlet.holds() <= behindBytes) return;
    watching = true;
    next = outlet.next();
    tookAt = performance.now();
    wheel.at(tookAt + everyMs, { visit });
  };
}
