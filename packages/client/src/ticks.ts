/** Milliseconds that only go forward, however somebody sets the clock: waits are measured by them. */
export const ticks = (): number => performance.now();
