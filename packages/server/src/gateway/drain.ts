import { closes } from '@carpenter/protocol';
import type { Line } from './seat.ts';

/** So many connections a second are sent on: they come back elsewhere at the same rate. */
const perSecond = 500;

/**
 * Ends all connections with 1012, also those that have not logged in, spread over at most `windowMs`, each with its own wait,
 * so that they do not come back in one wave. Resolves when all are told.
 */
export async function drain(connections: Iterable<Line>, windowMs: number): Promise<void> {
  const lines = [...connections];
  const spreadMs = Math.min(windowMs, (lines.length / perSecond) * 1_000);
  const step = Math.max(1, Math.ceil(lines.length / Math.max(1, spreadMs / 100)));
  for (let i = 0; i < lines.length; i += step) {
    if (i > 0) await new Promise(resolve => setTimeout(resolve, 100));
    for (const line of lines.slice(i, i + step)) line.end(closes.restarting, 500 + Math.random() * (1_500 + spreadMs));
  }
}

/** So long what is under way may take to be answered: by a database that stands still it never is. */
const answersWithinMs = 2_000;

/** Whoever is still there then goes without the answer, and asks again by the same client id. @returns that it is not needed any more */
export function hurry(connections: Iterable<Line>): () => void {
  const late = setTimeout(() => {
    for (const line of connections) line.end(closes.restarting, 500 + Math.random() * 1_500);
  }, answersWithinMs);
  return () => clearTimeout(late);
}
