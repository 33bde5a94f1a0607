import { useSyncExternalStore } from 'react';
import { kept } from './kept.ts';
import { usePhone } from './surroundings.ts';

const key = 'carpenter.rail';
const listeners = new Set<() => void>();
let narrow = kept.read(key) === true;

/** The list as a rail of faces, or whole again; on this device, until changed. */
export function toggleRail(): void {
  narrow = !narrow;
  kept.write(key, narrow || undefined);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the list is a rail. A phone has the whole list or none of it. */
export function useRail(): boolean {
  const is = useSyncExternalStore(subscribe, () => narrow);
  return !usePhone() && is;
}
