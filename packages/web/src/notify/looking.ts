import { useEffect } from 'react';
import { attended, onAttention } from '../hooks/surroundings.ts';
import { addressOf, type Place, placeOfAddress } from '../place.ts';

const sign = 'carpenter.looking ';

/** Lets the other tabs know what somebody looks at in this one: a lock that says where, held for so long, gone with a tab that crashes. */
export function useLooking(place: Place): void {
  const name = sign + addressOf(place);
  useEffect(() => {
    let letGo = () => {};
    const look = () => {
      letGo();
      if (attended()) letGo = hold(name);
    };
    look();
    const ignore = onAttention(look);
    return () => {
      ignore();
      letGo();
    };
  }, [name]);
}

function hold(name: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  void navigator.locks?.request(name, { mode: 'shared' }, () => promise); // missing without https: this tab knows of itself
  return resolve;
}

/** The places in front of somebody, in any tab of this browser. None: they look elsewhere. */
export async function lookedAt(here: Place): Promise<readonly Place[]> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const there = held.flatMap(({ name }) => (name?.startsWith(sign) ? [placeOfAddress(name.slice(sign.length))] : []));
  return attended() ? [here, ...there] : there;
}
