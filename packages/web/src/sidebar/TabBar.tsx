import { AtSign, MessageSquareText, Search, UserRound } from 'lucide-react';
import { useClient, useObservable } from '../hooks/client.ts';
import { serverNow } from '../hooks/clock.ts';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { loudCount } from './attention.ts';
import styles from './TabBar.module.css';

/** The phone's places, in reach of the thumb. */
export function TabBar({ here }: { here: 'chats' | 'you' }) {
  const go = useGo();
  const rows = useObservable(useClient().conversations) ?? [];
  const unread = rows.filter(row => loudCount(row, serverNow()) > 0).length;
  const mentions = rows.reduce((sum, row) => sum + row.mine.mentions, 0);
  return (
    <nav className={styles.tabs} aria-label={words.app.name}>
      <button
        type="button"
        aria-current={here === 'chats' ? 'page' : undefined}
        onClick={() => here !== 'chats' && go.up({ at: 'list' })}
      >
        <MessageSquareText size={22} strokeWidth={1.6} aria-hidden="true" />
        {words.list.chats}
        {unread > 0 && (
          <b role="img" aria-label={words.list.unreadSpoken(unread)}>
            {words.list.unread(unread)}
          </b>
        )}
      </button>
      <button type="button" onClick={() => go.to({ at: 'mentions' })}>
        <AtSign size={22} strokeWidth={1.6} aria-hidden="true" />
        {words.thread.mentions}
        {mentions > 0 && (
          <b role="img" aria-label={words.thread.unreadSpoken(mentions)}>
            {words.thread.unread(mentions)}
          </b>
        )}
      </button>
      <button type="button" onClick={() => go.to({ at: 'search', q: '', sort: 'newest' })}>
        <Search size={22} strokeWidth={1.6} aria-hidden="true" />
        {words.list.searchTab}
      </button>
      <button
        type="button"
        aria-current={here === 'you' ? 'page' : undefined}
        onClick={() => here !== 'you' && go.to({ at: 'settings' })}
      >
        <UserRound size={22} strokeWidth={1.6} aria-hidden="true" />
        {words.app.you}
      </button>
    </nav>
  );
}
