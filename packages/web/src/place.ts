import type { Id, SearchFind, SearchSort, Seq } from '@carpenter/protocol';
import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** A conversation, and what is open in it. */
export interface ConversationPlace {
  readonly at: 'conversation';
  readonly id: Id;
  readonly details: boolean;
  /** Beside it: the thread of this message. */
  readonly thread?: Seq;
  /** Brought into view: a message of the thread, where one is open, else of the conversation. */
  readonly message?: Seq;
}

const settingsSections = ['profile', 'look', 'writing', 'notifications', 'privacy', 'devices'] as const;
export type SettingsSection = (typeof settingsSections)[number];

/** Every place has an address. */
export type Place =
  | { readonly at: 'list' }
  | ConversationPlace
  | { readonly at: 'threads' }
  | { readonly at: 'mentions' }
  | { readonly at: 'channels' }
  | { readonly at: 'reports' }
  | { readonly at: 'deliveries' }
  /** `q` as `parseSearch` reads it. */
  | { readonly at: 'search'; readonly q: string; readonly sort: SearchSort; readonly find?: SearchFind }
  | { readonly at: 'join'; readonly code: string }
  | { readonly at: 'later' }
  | { readonly at: 'bookmarks' }
  | { readonly at: 'settings'; readonly section?: SettingsSection | undefined };

const seqOf = (piece: string | undefined) => (/^[1-9]\d{0,14}$/.test(piece ?? '') ? Number(piece) : undefined);

function conversationOf(id: Id, rest: readonly string[]): ConversationPlace {
  const after = (letter: string) => seqOf(rest[rest.indexOf(letter) + 1]);
  const thread = rest[0] === 't' ? after('t') : undefined;
  const message = rest.includes('m') ? after('m') : undefined;
  return {
    at: 'conversation',
    id,
    details: rest[0] === 'details',
    ...(thread !== undefined && { thread }),
    ...(message !== undefined && { message }),
  };
}

/** @param query  what stands behind the question mark */
export function placeOf(path: string, query = ''): Place {
  const [first, id, ...rest] = path.split('/').filter(piece => piece);
  if (first === 'settings') return { at: first, section: settingsSections.find(section => section === id) };
  if (first === 'threads' || first === 'mentions' || first === 'later' || first === 'bookmarks') return { at: first };
  if (first === 'channels' || first === 'reports') return { at: first };
  if (first === 'admin' && id === 'deliveries') return { at: 'deliveries' };
  if (first === 'search') return searchOf(new URLSearchParams(query));
  if (first === 'join' && id !== undefined) return { at: 'join', code: id };
  if (first === 'c' && id !== undefined) return conversationOf(id, rest);
  return { at: 'list' };
}

/** @param address  as `addressOf` makes it */
export function placeOfAddress(address: string): Place {
  const [path = '/', query = ''] = address.split('?');
  return placeOf(path, query);
}

const searchOf = (query: URLSearchParams): Place => ({
  at: 'search',
  q: query.get('q') ?? '',
  sort: query.get('sort') === 'best' ? 'best' : 'newest',
  ...(query.get('find') === 'files' && { find: 'files' }),
});

export function addressOf(place: Place): string {
  if (place.at === 'list') return '/';
  if (place.at === 'deliveries') return '/admin/deliveries';
  if (place.at === 'join') return `/join/${place.code}`;
  if (place.at === 'settings' && place.section) return `/settings/${place.section}`;
  if (place.at === 'search') {
    const query = new URLSearchParams({
      ...(place.q && { q: place.q }),
      ...(place.sort === 'best' && { sort: 'best' }),
      ...(place.find === 'files' && { find: 'files' }),
    });
    return `/search${query.size > 0 ? '?' : ''}${query}`;
  }
  if (place.at !== 'conversation') return `/${place.at}`;
  const { id, details, thread, message } = place;
  const part = thread !== undefined ? `/t/${thread}` : details ? '/details' : '';
  return `/c/${id}${part}${message === undefined ? '' : `/m/${message}`}`;
}
export function usePlace(): Place {
  const [path] = useLocation();
  return placeOf(path, useSearch());
}

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
