import { isQuiet } from '@carpenter/protocol';
import { useEffect } from 'react';
import { useClient } from './client.ts';
import { serverNow } from './clock.ts';
import { preferences } from './preferences.ts';

const idleAfterMs = 10 * 60_000;
const lookEveryMs = 5_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'focus', 'visibilitychange'] as const;
type Status = 'online' | 'away' | 'dnd';

/** Do not disturb while it holds; else ten minutes without a sign of life: the others see "away", until the next sign. */
export function useAwayWhenIdle(): void {
  const client = useClient();
  useEffect(() => {
    let told: Status = 'online';
    let seenAt = Date.now();
    const look = () => {
      const now = Date.now();
      const status = isQuiet(preferences.get(), serverNow()) ? 'dnd' : now - seenAt > idleAfterMs ? 'away' : 'online';
      if (status !== told) client.setPresence(status);
      told = status;
    };
    const alive = () => {
      if (document.visibilityState !== 'visible') return;
      seenAt = Date.now();
      if (told === 'away') look();
    };
    look();
    const timer = setInterval(look, lookEveryMs);
    const leave = preferences.subscribe(look);
    for (const sign of signs) addEventListener(sign, alive, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      leave();
      for (const sign of signs) removeEventListener(sign, alive, { capture: true });
    };
  }, [client]);
}
