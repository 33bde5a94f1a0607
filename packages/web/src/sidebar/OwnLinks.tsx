import { Bookmark, Clock3, type LucideIcon } from 'lucide-react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { isWritten } from '../hooks/draft.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { useRail } from '../hooks/rail.ts';
import { cx } from '../parts/cx.ts';
import { addressOf, type Place, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './OwnLinks.module.css';

/** What is mine and waits: drafts and messages for later, bookmarks to do. Nothing where there is none. */
export function OwnLinks({ place }: { place: Place }) {
  const { personal } = useClient();
  const scheduled = useObservable(personal.scheduled) ?? [];
  const toDo = useObservable(personal.toDo);
  const drafts = [...useObservable(draftsOf(useMe().id).all).values()].filter(isWritten);
  const failed = scheduled.filter(({ failure }) => failure).length;
  const { later, bookmarks } = words;
  return (
    <>
      <OwnLink
        at="later"
        place={place}
        icon={Clock3}
        label={failed > 0 ? later.failedCount(failed) : later.title}
        count={failed > 0 ? '' : later.counts(drafts.length, scheduled.length)}
        failed={failed > 0}
        shown={drafts.length + scheduled.length > 0}
      />
      <OwnLink
        at="bookmarks"
        place={place}
        icon={Bookmark}
        label={bookmarks.title}
        count={bookmarks.count(toDo?.items.length ?? 0, toDo?.more ?? false)}
        shown={(toDo?.items.length ?? 0) > 0}
      />
    </>
  );
}

interface Props {
  at: 'later' | 'bookmarks';
  place: Place;
  icon: LucideIcon;
  label: string;
  count: string;
  failed?: boolean;
  shown: boolean;
}

function OwnLink({ at, place, icon: Icon, label, count, failed, shown }: Props) {
  const go = useGo();
  const rail = useRail();
  const here = place.at === at;
  if (!shown && !here) return null;
  return (
    <a
      href={addressOf({ at })}
      className={cx(styles.link, failed && styles.failed)}
      aria-current={here ? 'page' : undefined}
      title={rail ? label : undefined}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go.to({ at });
      }}
    >
      <Icon size={18} strokeWidth={1.6} aria-hidden="true" />
      <span data-beside>{label}</span>
      <small data-beside>{count}</small>
    </a>
  );
}
