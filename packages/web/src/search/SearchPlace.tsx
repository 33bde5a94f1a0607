import { emptySearch, type SearchSort } from '@carpenter/protocol';
import { ArrowLeft, Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { touch, usePhone } from '../hooks/surroundings.ts';
import { Button } from '../parts/Button.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { type Place, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { Filters } from './Filters.tsx';
import { Hits } from './Hits.tsx';
import { chipsOf, hasFilter, joined, type Split, settled, split, without } from './query.ts';
import styles from './SearchPlace.module.css';
import { useSearch } from './useSearch.ts';

/** Messages, found by words and filters. What is looked for stands in the address, so that Back and a link lead here again. */
export function SearchPlace({ place }: { place: Extract<Place, { at: 'search' }> }) {
  const go = useGo();
  const phone = usePhone();
  const [asked, setAsked] = useState<Split>(() => split(place.q));
  const [sort, setSort] = useState<SearchSort>(place.sort);
  const field = useRef<HTMLInputElement>(null);
  const written = useRef(place.q);
  const q = joined(asked);
  const found = useSearch(q, sort);
  const { answer, looking, failed } = found;

  // The address follows what is typed …
  const { instead } = go;
  useEffect(() => {
    if (written.current === q && place.sort === sort) return;
    written.current = q;
    instead({ at: 'search', q, sort });
  }, [q, sort, place.sort, instead]);
  // … and what is looked for follows an address that somebody else gave.
  useEffect(() => {
    if (place.q === written.current) return;
    written.current = place.q;
    setAsked(split(place.q));
    field.current?.focus();
  }, [place.q]);
  useEffect(() => {
    if (!touch()) field.current?.focus();
  }, []);

  const onChange = (text: string) => {
    const typed = { ...asked, text };
    setAsked(/\s$/.test(text) && hasFilter(text) ? settled(typed) : typed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') setAsked(former => (hasFilter(former.text) ? settled(former) : former));
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('[data-hit]')?.focus();
    }
    if (event.key === 'Backspace' && asked.text === '') {
      const last = chipsOf(asked.filters).at(-1);
      if (last) setAsked({ text: '', filters: without(asked.filters, last) });
    }
    if (event.key === 'Escape' && asked.text !== '') {
      event.preventDefault();
      setAsked({ ...asked, text: '' });
    }
  };
  const count =
    answer &&
    (answer.next === undefined ? words.search.count(answer.hits.length) : words.search.moreThan(answer.hits.length));
  return (
    <main className={styles.place}>
      <search className={styles.top}>
        <div className={styles.column}>
          <h1 className={styles.title}>{words.search.title}</h1>
          <div className={styles.field}>
            {phone ? (
              <IconButton icon={ArrowLeft} label={words.app.back} onClick={() => go.up({ at: 'list' })} />
            ) : (
              <Search size={20} strokeWidth={1.8} aria-hidden="true" />
            )}
            <input
              ref={field}
              id="search-field"
              type="search"
              value={asked.text}
              onChange={event => onChange(event.target.value)}
              onKeyDown={onKeyDown}
              placeholder={words.search.placeholder}
              aria-label={words.search.title}
              autoComplete="off"
              spellCheck={false}
              enterKeyHint="search"
            />
            {q !== '' && (
              <IconButton
                icon={X}
                label={words.list.clear}
                onClick={() => {
                  setAsked({ text: '', filters: emptySearch });
                  field.current?.focus();
                }}
              />
            )}
          </div>
          <div className={styles.filters}>
            <Filters filters={asked.filters} onChange={filters => setAsked({ ...asked, filters })} />
            <label className={styles.sort}>
              <span className={styles.hidden}>{words.search.sort}</span>
              <select value={sort} onChange={event => setSort(event.target.value === 'best' ? 'best' : 'newest')}>
                <option value="newest">{words.search.newest}</option>
                <option value="best">{words.search.best}</option>
              </select>
            </label>
          </div>
        </div>
      </search>
      <ConnectionBar />
      <div className={styles.scroll}>
        <div className={styles.column} aria-busy={looking}>
          <p role="status" className={styles.status}>
            {failed ??
              (q === ''
                ? words.search.hint
                : answer && answer.hits.length === 0 && !looking
                  ? words.search.none(q)
                  : count)}
          </p>
          {answer?.corrected?.map(({ word, to }) => (
            <p key={word} className={styles.note}>
              {words.search.corrected(word, to)}
            </p>
          ))}
          {answer?.filling && <p className={styles.note}>{words.search.filling}</p>}
          {answer && q !== '' && <Hits answer={answer} />}
          {answer?.next !== undefined && (
            <div className={styles.more}>
              <Button onClick={found.more}>{words.search.more}</Button>
            </div>
          )}
        </div>
      </div>
    </main>
  );
}
