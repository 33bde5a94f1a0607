import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { useTry } from '../hooks/useTry.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { BookmarkCard } from './BookmarkCard.tsx';
import styles from './Bookmarks.module.css';

/** Messages to come back to, as a list of things to do. */
export function Bookmarks() {
  const { personal } = useClient();
  const go = useGo();
  const [which, setWhich] = useState<'toDo' | 'done'>('toDo');
  const list = useObservable(personal[which]);
  const [failed, attempt] = useTry();
  const { bookmarks } = words;
  return (
    <main className={place.place}>
      <header className={place.head}>
        <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
        <h1>{bookmarks.title}</h1>
        <Choice
          label={bookmarks.which}
          value={which}
          options={[
            { value: 'toDo', label: bookmarks.toDo },
            { value: 'done', label: bookmarks.done },
          ]}
          onChange={setWhich}
        />
      </header>
      <ConnectionBar />
      <div className={place.scroll}>
        <div className={place.column}>
          {list?.items.length === 0 && (
            <div className={styles.empty}>
              <h2>{which === 'toDo' ? bookmarks.empty : bookmarks.noneDone}</h2>
              {which === 'toDo' && <p>{bookmarks.emptyLead}</p>}
            </div>
          )}
          <ul className={styles.list}>
            {list?.items.map(bookmark => (
              <BookmarkCard key={`${bookmark.conversationId}/${bookmark.seq}`} bookmark={bookmark} />
            ))}
          </ul>
          {failed && (
            <p role="alert" className={place.failed}>
              {failed}
            </p>
          )}
          {list?.more && <Button onClick={() => attempt(() => personal.moreBookmarks(which))}>{bookmarks.more}</Button>}
        </div>
      </div>
    </main>
  );
}
