import { AtSign, MessageSquareText } from 'lucide-react';
import { useClient, useObservable } from '../hooks/client.ts';
import { useRail } from '../hooks/rail.ts';
import { usePhone } from '../hooks/surroundings.ts';
import { addressOf, type Place, useGo } from '../place.ts';
import links from '../sidebar/OwnLinks.module.css';
import { words } from '../words/words.ts';
import styles from './ThreadLinks.module.css';

/** Above the conversations: where one is mentioned (on the phone the tab bar has that), and the threads one follows, with what is new in them. */
export function ThreadLinks({ place }: { place: Place }) {
  const client = useClient();
  const phone = usePhone();
  const unread = useObservable(client.followed).reduce((sum, row) => sum + row.unread, 0);
  const mentions = (useObservable(client.conversations) ?? []).reduce((sum, row) => sum + row.mine.mentions, 0);
  return (
    <>
      {!phone && <ThreadLink at="mentions" place={place} count={mentions} />}
      <ThreadLink at="threads" place={place} count={unread} />
    </>
  );
}

function ThreadLink({ at, place, count }: { at: 'threads' | 'mentions'; place: Place; count: number }) {
  const go = useGo();
  const rail = useRail();
  const label = at === 'threads' ? words.thread.all : words.thread.mentions;
  const Icon = at === 'threads' ? MessageSquareText : AtSign;
  return (
    <a
      href={addressOf({ at })}
      className={links.link}
      aria-current={place.at === at ? 'page' : undefined}
      title={rail ? label : undefined}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go.to({ at });
      }}
    >
      <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
      <span data-beside>{label}</span>
      {count > 0 && (
        <b
          role="img"
          className={styles.count}
          data-loud={at === 'mentions' || undefined}
          aria-label={words.thread.unreadSpoken(count)}
        >
          {words.thread.unread(count)}
        </b>
      )}
    </a>
  );
}
