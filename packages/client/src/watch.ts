/** A browser cannot see pings: silence of `2.5 × heartbeatMs`, though we asked, means that the way is dead. */
export function watch(needs: { heartbeatMs: number; now: () => number; ping: () => void; dead: () => void }): {
  /** Something came. */
  heard(): void;
  /** After a sleep or a change of network: an answer within 5 s, or it is dead. */
  probe(): void;
  stop(): void;
} {
  const { heartbeatMs, now, ping, dead } = needs;
  const everyMs = heartbeatMs / 2;
  let heardAt = now();
  let lookedAt = heardAt;
  let probing: ReturnType<typeof setTimeout> | undefined;

  function probe(): void {
    if (probing) return;
    ping();
    probing = setTimeout(dead, 5_000);
  }
  const timer = setInterval(() => {
    const quiet = now() - heardAt;
    const passed = now() - lookedAt;
    lookedAt = now();
    // Our own timer was late, or somebody set the clock: silence proves nothing yet.
    if (passed > 2 * everyMs || passed < 0) probe();
    else if (quiet > 2.5 * heartbeatMs) dead();
    else if (quiet >= heartbeatMs) ping();
  }, everyMs);

  return {
    heard() {
      heardAt = now();
      clearTimeout(probing);
      probing = undefined;
    },
    probe,
    stop() {
      clearInterval(timer);
      clearTimeout(probing);
    },
  };
}
