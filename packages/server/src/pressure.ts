/** Whether this process keeps up with what it is asked. */
export interface Pressure {
  /** Everything is answered late: no new connections, and nothing that may be left out. */
  late(): boolean;
  close(): void;
}

const lookEveryMs = 250;
/** The time over which lateness is averaged: one long pause of the garbage collector is no overload. */
const memoryMs = 1_000;
/** Late on average by so much. A machine that others keep busy stays far below: it is late by some ten. */
const tooLateMs = 400;

/** Looks how late a timer comes: by as much everything else does. After three seconds of standing still it is late for two more. */
export function createPressure(): Pressure {
  let lateness = 0;
  let lastAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const passed = now - lastAt;
    lastAt = now;
    lateness = average(passed);
  }, lookEveryMs);
  timer.unref();
  const average = (passed: number) =>
    lateness + (Math.max(0, passed - lookEveryMs) - lateness) * (1 - Math.exp(-passed / memoryMs));
  return {
    late: () => Math.max(lateness, average(performance.now() - lastAt)) > tooLateMs, // also where the look itself is due
    close: () => clearInterval(timer),
  };
}
