import type { Client } from '@carpenter/client';
import { useEffect, useState } from 'react';
import { createStore } from './store.ts';

/** The server's clock minus this device's, in ms, as the server said it last. */
const ahead = createStore(0);

/** The time, in ms, by the server's clock: its times are compared with it, and what it is told, however this device's clock is set. */
export const serverNow = (): number => Date.now() + ahead.get();

export function followClock(client: Client): void {
  const take = () => ahead.set(client.server.get()?.clockOffsetMs ?? ahead.get());
  client.server.subscribe(take);
  take();
}

/** `serverNow`, looked at again every `everyMs`; stands still with `undefined`. */
export const useNow = (everyMs: number | undefined): number => useClock(serverNow, everyMs);
/** The same by this device's clock, for what began by it. */
export const useDeviceNow = (everyMs: number | undefined): number => useClock(Date.now, everyMs);

function useClock(read: () => number, everyMs: number | undefined): number {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const look = () => setNow(read());
    const leave = ahead.subscribe(look);
    if (everyMs === undefined) return leave;
    look();
    const timer = setInterval(look, everyMs);
    return () => {
      leave();
      clearInterval(timer);
    };
  }, [read, everyMs]);
  return now;
}
