import { useSyncExternalStore } from 'react';
import { kept } from './kept.ts';
import { createStore } from './store.ts';
import { usePhone } from './surroundings.ts';

const key = 'carpenter.rail';
const narrow = createStore(kept.read(key) === true);

/** The list as a rail of faces, or whole again; on this device, until changed. */
export function toggleRail(): void {
  narrow.set(!narrow.get());
  kept.write(key, narrow.get() || undefined);
}

/** Whether the list is a rail. A phone has the whole list or none of it. */
export function useRail(): boolean {
  const is = useSyncExternalStore(narrow.subscribe, narrow.get);
  return !usePhone() && is;
}
