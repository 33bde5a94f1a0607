import { kept } from './kept.ts';
import { createStore } from './store.ts';

export const themes = ['light', 'dark', 'system'] as const;
export const densities = ['comfortable', 'compact'] as const;
export type Theme = (typeof themes)[number];
export type Density = (typeof densities)[number];

/** Of this browser, not of the account: a phone may be dark where the desk is light. */
export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly sounds: boolean;
}

// public/theme.js reads the same key before the first paint.
const key = 'carpenter.preferences';

function read(): Preferences {
  const found = kept.read(key);
  const has = (name: string) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined);
  return {
    theme: themes.find(theme => theme === has('theme')) ?? 'system',
    density: densities.find(density => density === has('density')) ?? 'comfortable',
    sounds: has('sounds') !== false,
  };
}

const store = createStore(read());
export const preferences = { get: store.get, subscribe: store.subscribe };

export function prefer(change: Partial<Preferences>): void {
  const next = { ...store.get(), ...change };
  store.set(next);
  kept.write(key, next);
  const { dataset } = document.documentElement;
  if (next.theme === 'system') delete dataset.theme;
  else dataset.theme = next.theme;
  if (next.density === 'comfortable') delete dataset.density;
  else dataset.density = next.density;
}
