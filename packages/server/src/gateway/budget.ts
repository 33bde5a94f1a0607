/** A token bucket: so many units a minute, refilled steadily; a minute's worth may come at once. */
export interface Budget {
  /** @returns 0, or how long to wait in ms until so much is there again */
  spend(units: number): number;
}

export function createBudget(perMinute: number): Budget {
  let left = perMinute;
  let at = performance.now();
  return {
    spend(units) {
      const now = performance.now();
      left = Math.min(perMinute, left + ((now - at) / 60_000) * perMinute);
      at = now;
      left -= units;
      return left >= 0 ? 0 : (-left / perMinute) * 60_000;
    },
  };
}
