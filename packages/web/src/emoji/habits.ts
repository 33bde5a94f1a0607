import { kept } from '../hooks/kept.ts';
import { createStore } from '../hooks/store.ts';

/** What this browser's user likes to take. */
export interface Habits {
  /** Signs as they were taken, the latest first. */
  readonly recent: readonly string[];
  /** 0: none, 1–5: light to dark. */
  readonly tone: number;
}

const key = 'carpenter.emoji';
const recentMax = 24;

function read(): Habits {
  const found = kept.read(key);
  const has = (name: string): unknown => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : 0);
  const recent = has('recent');
  const tone = has('tone');
  return {
    recent: Array.isArray(recent) ? recent.filter(sign => typeof sign === 'string').slice(0, recentMax) : [],
    tone: typeof tone === 'number' && Number.isInteger(tone) && tone >= 0 && tone <= 5 ? tone : 0,
  };
}

const store = createStore(read());
export const habits = { get: store.get, subscribe: store.subscribe };

function keep(next: Habits): void {
  store.set(next);
  kept.write(key, next);
}
export const took = (sign: string): void =>
  keep({ ...store.get(), recent: [sign, ...store.get().recent.filter(each => each !== sign)].slice(0, recentMax) });
export const likeTone = (tone: number): void => keep({ ...store.get(), tone });
