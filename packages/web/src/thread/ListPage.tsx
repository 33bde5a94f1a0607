import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import header from '../conversation/Header.module.css';
import { usePhone } from '../hooks/surroundings.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
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
  const phone = usePhone();
  return (
    <main className={styles.page}>
      <header className={header.header}>
        {phone && (
          <IconButton
            className={header.back}
            icon={ArrowLeft}
            label={words.header.backToList}
            onClick={() => go.up({ at: 'list' })}
          />
        )}
        <div className={header.who}>
          <h1>{title}</h1>
          {!phone && <p>{lead}</p>}
        </div>
      </header>
      <ConnectionBar />
      <div className={styles.scroll}>
        {phone && <p className={styles.lead}>{lead}</p>}
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
