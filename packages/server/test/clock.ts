import type { TestContext } from 'node:test';

/** The clock of this machine is an hour ahead, until it is set right or the test ends. @returns sets it right */
export function hourAhead(t: TestContext): () => void {
  const now = Date.now;
  const { mock } = t.mock.method(Date, 'now', () => now() + 3_600_000);
  return () => mock.restore();
}
