import { type KeyboardEvent, type ReactNode, use, useState } from 'react';
import { words } from '../words/words.ts';
import styles from './Markdown.module.css';
import { TabStopContext } from './names.ts';

/** Words that wait until somebody wants to read them. */
export function Spoiler({ children }: { children: ReactNode }) {
  const tabIndex = use(TabStopContext);
  const [open, setOpen] = useState(false);
  if (open) return <span className={styles.told}>{children}</span>;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    setOpen(true);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button would not break over lines as its words do.
    <span
      role="button"
      tabIndex={tabIndex}
      className={styles.spoiler}
      aria-label={words.markdown.spoiler}
      title={words.markdown.spoiler}
      onClick={() => setOpen(true)}
      onKeyDown={onKeyDown}
    >
      <span aria-hidden="true" inert>
        {children}
      </span>
    </span>
  );
}
