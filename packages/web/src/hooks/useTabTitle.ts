import type { ConversationRow } from '@carpenter/client';
import { useEffect } from 'react';
import { countOnIcon } from '../notify/notes.ts';
import type { Place } from '../place.ts';
import { loudCount } from '../sidebar/attention.ts';
import { words } from '../words/words.ts';
import { useClient, useObservable } from './client.ts';
import { serverNow } from './clock.ts';

/** The mark with what wants to be read: a number to 9, a dot for what is only unread, grey without a connection. */
function favicon(unread: number, quiet: boolean, connected: boolean): string {
  const green = connected ? '#146448' : '#77706a';
  const wood = connected ? '#e9cfa6' : '#d6d1ca';
  const badge =
    unread === 0
      ? quiet
        ? '<circle cx="18.5" cy="18.5" r="4.5" fill="#bc332b" stroke="#fff"/>'
        : ''
      : `<circle cx="17" cy="17" r="7" fill="#bc332b" stroke="#fff"/><text x="17" y="20.6" font-family="sans-serif" font-size="10" font-weight="700" fill="#fff" text-anchor="middle">${unread > 9 ? '+' : unread}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><clipPath id="r"><rect width="24" height="24" rx="6"/></clipPath><g clip-path="url(#r)"><path fill="${green}" d="M0 0h24v24H0z"/><path fill="${wood}" d="M0 0h24v9h-6.5l2 8.5h-15l2-8.5H0z"/></g>${badge}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Title and icon of the tab say where one is and what wants to be read. */
export function useTabTitle(place: Place, rows: readonly ConversationRow[]): void {
  const connected = useObservable(useClient().connection).phase === 'online';
  const unread = rows.reduce((sum, row) => sum + loudCount(row, serverNow()), 0);
  const quiet = unread === 0 && rows.some(row => row.unread > 0);
  const here = place.at === 'conversation' ? rows.find(row => row.id === place.id)?.title : undefined;
  useEffect(() => {
    document.title = words.app.title(here, unread, quiet);
    return () => {
      document.title = words.app.title(undefined, 0);
    };
  }, [here, unread, quiet]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link) link.href = favicon(unread, quiet, connected);
    countOnIcon(unread);
  }, [unread, quiet, connected]);
}
