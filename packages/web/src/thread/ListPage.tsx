import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import place from '../parts/Place.module.css';
import { useGo } from '../place.ts';
import { words } from '../words/words.ts';
import styles from './ListPage.module.css';

interface Props {
  title: string;
  /** What stands here and how it gets here. */
  lead: string;
  /** Why it is not all here. */
  failed: string | undefined;
  onRetry: () => void;
  children: ReactNode;
}

/** A list of places to go to, in the place of a conversation. */
export function ListPage({ title, lead, failed, onRetry, children }: Props) {
  const go = useGo();
  return (
    <main className={place.place}>
      <header className={place.head}>
        <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
        <h1>{title}</h1>
      </header>
      <ConnectionBar />
      <div className={styles.scroll}>
        <p className={styles.lead}>{lead}</p>
        {failed !== undefined && (
          <p role="alert" className={styles.failed}>
            {failed}{' '}
            <Button size="small" onClick={onRetry}>
              {words.timeline.retry}
            </Button>
          </p>
        )}
        {children}
      </div>
    </main>
  );
}
