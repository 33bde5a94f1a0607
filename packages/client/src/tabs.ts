/** What tabs of one browser agree about. Outside of a browser there is one "tab". */
export interface Tabs {
  /** Runs when nobody else, in any tab, runs something of this name. */
  alone<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** Runs `lead` once this tab is the only one that holds the name, until the signal ends it. */
  lead(name: string, signal: AbortSignal, lead: () => void): void;
  /** Tells the other tabs, not this one. */
  tell(topic: string): void;
  heard(topic: string, listener: () => void): void;
  close(): void;
}

/** @param scope keeps apart what has nothing to do with each other: two servers, two files */
export function openTabs(scope: string): Tabs {
  const channel = typeof document === 'undefined' ? undefined : new BroadcastChannel(scope);
  const locks = typeof document === 'undefined' ? undefined : navigator.locks; // missing without https, too
  const listeners = new Map<string, (() => void)[]>();
  const hear = (topic: string) => {
    for (const listener of listeners.get(topic) ?? []) listener();
  };
  if (channel) channel.onmessage = ({ data }) => hear(String(data));
  // a page that wrote in its last moment could say so in no other way (storage/journal.ts)
  const noted = ({ key, newValue }: StorageEvent) => {
    if (newValue !== null && key?.startsWith(`${scope}/outbox/`)) hear('outbox');
  };
  if (channel) addEventListener('storage', noted);
  return {
    alone: (name, run) => (locks ? locks.request(`${scope}/${name}`, run) : run()),
    lead(name, signal, lead) {
      if (signal.aborted) return;
      if (!locks) return lead();
      const held = () =>
        new Promise<void>(resolve => {
          if (signal.aborted) return resolve();
          signal.addEventListener('abort', () => resolve());
          lead();
        });
      locks.request(`${scope}/${name}`, { signal }, held).catch(() => {}); // aborted while it waited
    },
    tell: topic => channel?.postMessage(topic),
    heard(topic, listener) {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
    },
    close() {
      channel?.close();
      if (channel) removeEventListener('storage', noted);
    },
  };
}
