/** What a browser tells of itself. In Node nothing ever happens here. */
export interface Surroundings {
  /** The network came, the page was shown or woken up: whatever waits should be tried now, whatever is open looked at. */
  onWake(listener: () => void): void;
  /** The browser says that the network went. It may still be wrong: a server on this machine answers. */
  onOffline(listener: () => void): void;
  readonly saysOffline: () => boolean;
  close(): void;
}

export function openSurroundings(): Surroundings {
  if (typeof document === 'undefined')
    return { onWake: () => {}, onOffline: () => {}, saysOffline: () => false, close: () => {} };
  const over = new AbortController();
  const { signal } = over;
  return {
    onWake(listener) {
      addEventListener('online', listener, { signal });
      addEventListener('pageshow', ({ persisted }) => persisted && listener(), { signal });
      document.addEventListener('resume', listener, { signal });
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && listener(), {
        signal,
      });
    },
    onOffline: listener => addEventListener('offline', listener, { signal }),
    saysOffline: () => navigator.onLine === false,
    close: () => over.abort(),
  };
}
