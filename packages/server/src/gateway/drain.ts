import { closes } from '@carpenter/protocol';
import type { Hub } from './hub.ts';

/** So many connections a second are sent on: they come back elsewhere at the same rate. */
const perSecond = 500;

/**
 * Ends all connections with 1012, spread over at most `windowMs`, each with its own wait, so that they do not come back in one
 * wave. Resolves when all are told.
 */
export async function drain(hub: Hub, windowMs: number): Promise<void> {
  const seats = [...hub.seats()];
  const spreadMs = Math.min(windowMs, (seats.length / perSecond) * 1_000);
  const step = Math.max(1, Math.ceil(seats.length / Math.max(1, spreadMs / 100)));
  for (let i = 0; i < seats.length; i += step) {
    if (i > 0) await new Promise(resolve => setTimeout(resolve, 100));
    for (const seat of seats.slice(i, i + step)) seat.end(closes.restarting, 500 + Math.random() * (1_500 + spreadMs));
  }
}
