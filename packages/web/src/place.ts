import type { Id } from '@carpenter/protocol';
import { useCallback } from 'react';
import { useLocation } from 'wouter';

/** Every place has an address. */
export type Place =
  | { readonly at: 'list' }
  | { readonly at: 'conversation'; readonly id: Id; readonly details: boolean }
  | { readonly at: 'settings' };

export function placeOf(path: string): Place {
  const [first, id, part] = path.split('/').filter(piece => piece);
  if (first === 'settings') return { at: 'settings' };
  if (first === 'c' && id !== undefined) return { at: 'conversation', id, details: part === 'details' };
  return { at: 'list' };
}

export function addressOf(place: Place): string {
  if (place.at === 'list') return '/';
  if (place.at === 'settings') return '/settings';
  return `/c/${place.id}${place.details ? '/details' : ''}`;
}

export const usePlace = (): Place => placeOf(useLocation()[0]);

export interface Go {
  /** One deeper: Back comes back here. */
  readonly to: (place: Place) => void;
  /** Instead of where one is. */
  readonly instead: (place: Place) => void;
  /** To the parent: by the browser's own Back where that leads there, so that the history does not grow. */
  readonly up: (parent: Place) => void;
}

export function useGo(): Go {
  const [, navigate] = useLocation();
  const to = useCallback((place: Place) => navigate(addressOf(place), { state: { up: true } }), [navigate]);
  const instead = useCallback(
    (place: Place) => navigate(addressOf(place), { replace: true, state: history.state }),
    [navigate],
  );
  const up = useCallback((parent: Place) => (history.state?.up === true ? history.back() : instead(parent)), [instead]);
  return { to, instead, up };
}
