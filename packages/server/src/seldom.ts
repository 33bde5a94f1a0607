/**
 * Says what happens often once in a while.
 * @returns calls `say` at most every so often, with how often it was not since then
 */
export function createSeldom(everyMs: number): (say: (unsaid: number) => void) => void {
  let sayAgainAt = 0;
  let unsaid = 0;
  return say => {
    const now = performance.now();
    if (now < sayAgainAt) return void unsaid++;
    say(unsaid);
    sayAgainAt = now + everyMs;
    unsaid = 0;
  };
}
