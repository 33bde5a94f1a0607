import { useEffect } from 'react';
import { useClient } from './client.ts';

const idleAfterMs = 10 * 60_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'focus', 'visibilitychange'] as const;

/** Ten minutes without a sign of life: the others see "away", until the next sign. */
export function useAwayWhenIdle(): void {
  const client = useClient();
  useEffect(() => {
    let status: 'online' | 'away' = 'online';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (next: typeof status) => {
      if (next !== status) client.setPresence(next);
      status = next;
    };
    const alive = () => {
      if (document.visibilityState !== 'visible') return;
      clearTimeout(timer);
      timer = setTimeout(() => tell('away'), idleAfterMs);
      tell('online');
    };
    alive();
    for (const sign of signs) addEventListener(sign, alive, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of signs) removeEventListener(sign, alive, { capture: true });
    };
  }, [client]);
}
