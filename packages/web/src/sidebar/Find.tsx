import { Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { touch } from '../hooks/surroundings.ts';
import { words } from '../words/words.ts';
import styles from './Find.module.css';

const results = () => document.querySelectorAll<HTMLElement>('#conversations :is([data-row], [data-person])');

/** Filters the list as one types, and finds people. Enter takes the first, arrows go into the list. */
export function Find({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape' && query !== '') {
      event.preventDefault();
      onQuery('');
    }
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      results()[0]?.focus();
    }
    if (event.key === 'Enter' && query.trim() !== '') {
      event.preventDefault();
      results()[0]?.click();
    }
  };
  return (
    <search className={styles.find}>
      <Search size={16} strokeWidth={1.7} aria-hidden="true" />
      <input
        id="find"
        type="search"
        value={query}
        onChange={event => onQuery(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={words.list.search}
        aria-label={words.list.search}
        aria-keyshortcuts="Control+K"
        autoComplete="off"
        spellCheck={false}
      />
      {query === '' ? (
        !touch() && (
          <span className={styles.key} aria-hidden="true">
            {words.list.findKey}
          </span>
        )
      ) : (
        <button type="button" aria-label={words.list.clear} onClick={() => onQuery('')}>
          <X size={16} strokeWidth={1.7} aria-hidden="true" />
        </button>
      )}
    </search>
  );
}
