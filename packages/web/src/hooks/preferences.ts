import type { Client } from '@carpenter/client';
import { defaultSettings, type Settings, preferences as schema, settingsOf } from '@carpenter/protocol';
import { useSyncExternalStore } from 'react';
import { setTimeStyle } from '../words/times.ts';
import { kept } from './kept.ts';
import { createStore } from './store.ts';

// Of the account, the same on all devices. Kept here too, so that the first paint is right: public/theme.js reads the same key.
const key = 'carpenter.preferences';
const store = createStore<Settings>(settingsOf(schema.safeParse(kept.read(key)).data ?? {}));

/** What holds now: of the account that is signed in, or as it was here last. */
export const preferences = { get: store.get, subscribe: store.subscribe };
export const usePreferences = (): Settings => useSyncExternalStore(store.subscribe, store.get);

/** From now on the page looks as the account wants it to, whichever device that was said on. */
export function followPreferences(client: Client): void {
  apply(store.get());
  let moved = false;
  const take = () => {
    const settings = client.personal.settings.get();
    if (!settings) return;
    if (!moved) moveOld(client);
    moved = true;
    store.set(settings);
    kept.write(key, settings);
    apply(settings);
  };
  client.personal.settings.subscribe(take);
  client.session.subscribe(take);
  take();
}

/** Before they were the account's, three of them were this browser's: what was chosen then goes along. */
function moveOld(client: Client): void {
  const old = schema.safeParse(kept.read(key)).data;
  const session = client.session.get();
  if (!old || 'textSize' in old || session.phase !== 'signedIn') return;
  const { theme, density, sounds } = old;
  const chosen = Object.entries({ theme, density, sounds }).filter(
    ([name, value]) =>
      value !== undefined && value !== Reflect.get(defaultSettings, name) && !(name in session.me.preferences),
  );
  if (chosen.length > 0) client.personal.prefer(Object.fromEntries(chosen)).catch(() => {}); // with the next connection
}

function apply({ theme, density, textSize, motion, language, clock }: Settings): void {
  const { dataset } = document.documentElement;
  const set = (name: string, value: string, usual: string) => {
    if (value === usual) delete dataset[name];
    else dataset[name] = value;
  };
  set('theme', theme, 'system');
  set('density', density, 'comfortable');
  set('textSize', String(textSize), '15');
  set('motion', motion, 'system');
  setTimeStyle(language, clock);
}
