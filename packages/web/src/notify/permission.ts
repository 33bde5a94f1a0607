import { kept } from '../hooks/kept.ts';
import { createStore } from '../hooks/store.ts';
import { device } from './device.ts';

const restKey = 'carpenter.notifications.rest';
const restMs = 14 * 24 * 3_600_000;

const due = createStore(false);
/** Whether it is time to ask for the permission. */
export const permission = { get: due.get, subscribe: due.subscribe };

/** Never on load: after the first message of one's own, or the first one to oneself while one looks elsewhere. */
export function permissionIsDue(): void {
  if (device.get() !== 'unknown') return;
  const rests = kept.read(restKey);
  if (typeof rests === 'number' && Date.now() - rests < restMs) return;
  due.set(true);
}

/** Not asked again for a fortnight. */
export function notNow(): void {
  kept.write(restKey, Date.now());
  due.set(false);
}
export const answered = (): void => due.set(false);
