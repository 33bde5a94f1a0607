import { mayDo } from '@carpenter/protocol';
import { Flag } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { useRail } from '../hooks/rail.ts';
import { addressOf, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './ReportsLink.module.css';

/** How many reports wait for me; nothing where none does. */
export function ReportsLink({ here }: { here: boolean }) {
  const client = useClient();
  const go = useGo();
  const rail = useRail();
  const me = useMe();
  const rows = useObservable(client.conversations) ?? [];
  const news = useObservable(client.reportNews);
  const [open, setOpen] = useState(0);
  const moderates =
    me.role === 'owner' ||
    rows.some(({ conversation, mine }) => conversation.type !== 'direct' && mayDo(mine.role, 'moderate'));
  // biome-ignore lint/correctness/useExhaustiveDependencies: news say that there is something to ask for.
  useEffect(() => {
    if (!moderates) return;
    let current = true;
    client.reports('open').then(
      page => current && setOpen(page.open),
      () => {}, // asked again with the next news
    );
    return () => {
      current = false;
    };
  }, [client, moderates, news]);
  if (!moderates || (open === 0 && !here)) return null;
  const label = open === 0 ? words.safety.reports : words.safety.reportsOpen(open);
  return (
    <a
      href={addressOf({ at: 'reports' })}
      className={styles.link}
      aria-current={here ? 'page' : undefined}
      title={rail ? label : undefined}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go.to({ at: 'reports' });
      }}
    >
      <Flag size={16} strokeWidth={1.7} aria-hidden="true" />
      <span data-beside>{label}</span>
    </a>
  );
}
