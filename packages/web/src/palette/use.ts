import type { Id } from '@carpenter/protocol';
import { kept } from '../hooks/kept.ts';

/** What was chosen in the palette, and how often: the latest first. Of this browser, per account. */
const most = 50;
const keyOf = (account: Id) => `carpenter.palette.${account}`;

export function usedIn(account: Id): ReadonlyMap<string, number> {
  const found = kept.read(keyOf(account));
  const pairs = Array.isArray(found) ? found : [];
  return new Map(
    pairs.flatMap(pair =>
      Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'number'
        ? [[pair[0], pair[1]] as const]
        : [],
    ),
  );
}

export function noteUse(account: Id, key: string): void {
  const used = usedIn(account);
  const others = [...used].filter(([other]) => other !== key);
  kept.write(keyOf(account), [[key, (used.get(key) ?? 0) + 1], ...others].slice(0, most));
}
