import { emptySearch, type SearchFind, type SearchSort } from '@carpenter/protocol';
import { ArrowLeft, Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { ConnectionBar } from '../conversation/ConnectionBar.tsx';
import { useClient, useObservable } from '../hooks/client.ts';
import { touch, usePhone } from '../hooks/surroundings.ts';
import { Button } from '../parts/Button.tsx';
import { Choice } from '../parts/Choice.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { SelectBox } from '../parts/Select.tsx';
import { addressOf, type Place, useGo } from '../place.ts';
import { words } from '../words/words.ts';
import { FileHits } from './FileHits.tsx';
import { Filters } from './Filters.tsx';
import { foundFiles } from './foundFiles.ts';
import { Hits } from './Hits.tsx';
import { chipsOf, hasFilter, joined, type Split, settled, split, without } from './query.ts';
import styles from './SearchPlace.module.css';
import { useSearch } from './useSearch.ts';

/** Messages, or files, found by words and filters. What is looked for stands in the address, so that Back and a link lead here again. */
export function SearchPlace({ place }: { place: Extract<Place, { at: 'search' }> }) {
  const go = useGo();
  const phone = usePhone();
  const [asked, setAsked] = useState<Split>(() => split(place.q));
  const [sort, setSort] = useState<SearchSort>(place.sort);
  const [find, setFind] = useState<SearchFind>(place.find ?? 'messages');
  const blocked = useObservable(useClient().blocked);
  const field = useRef<HTMLInputElement>(null);
  const q = joined(asked);
  const found = useSearch(q, find, sort);
  const { answer, looking, failed } = found;

  const shown = addressOf({ at: 'search', q, sort, find });
  const given = addressOf(place);
  /** The address as of the last time that both were the same. */
  const agreed = useRef(given);
  const { instead } = go;
  // The address follows what is typed …
  useEffect(() => {
    if (agreed.current === shown) return;
    agreed.current = shown;
    instead({ at: 'search', q, sort, find });
  }, [shown, q, sort, find, instead]);
  // … and what is looked for follows an address that somebody else gave.
  useEffect(() => {
    if (agreed.current === given) return;
    agreed.current = given;
    setAsked(split(place.q));
    setSort(place.sort);
    setFind(place.find ?? 'messages');
    field.current?.focus();
  }, [given, place.q, place.sort, place.find]);
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
  /** From hit to hit, and back into the field. */
  const onArrow = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const links: (Element | null)[] = [...event.currentTarget.querySelectorAll('[data-hit]')];
    const at = links.indexOf(document.activeElement);
    const next = links[at + step];
    event.preventDefault();
    if (at + step < 0) field.current?.focus();
    else if (next instanceof HTMLElement) next.focus();
  };
  const { search } = words;
  const countOf = (more: boolean) => {
    if (!answer) return '';
    if (find === 'files') {
      const files = foundFiles(answer).filter(({ message }) => !blocked.has(message.sender)).length;
      if (files === 0 && looking) return '';
      if (files === 0) return q === '' ? search.noFiles : search.noFile(q);
      return more ? search.moreFiles(files) : search.files(files);
    }
    const hits = answer.hits.length;
    if (hits === 0) return looking ? '' : search.none(q);
    return more ? search.moreThan(hits) : search.count(hits);
  };
  const status = countOf(answer?.next !== undefined);
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
              placeholder={search.placeholders[find]}
              aria-label={search.placeholders[find]}
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
          <div className={styles.find}>
            <Choice
              label={search.find}
              value={find}
              options={[
                { value: 'messages', label: search.finds.messages },
                { value: 'files', label: search.finds.files },
              ]}
              onChange={setFind}
            />
          </div>
          <div className={styles.filters}>
            <Filters filters={asked.filters} onChange={filters => setAsked({ ...asked, filters })} />
            <label className={styles.hidden} htmlFor="search-sort">
              {search.sort}
            </label>
            <SelectBox
              id="search-sort"
              className={styles.sort}
              value={sort}
              options={[
                { value: 'newest', label: search.newest },
                { value: 'best', label: search.best },
              ]}
              onChange={setSort}
            />
          </div>
        </div>
      </search>
      <ConnectionBar />
      <div className={styles.scroll}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows go from hit to hit, and each is a link. */}
        <div className={styles.column} aria-busy={looking} onKeyDown={onArrow}>
          <p role="status" className={styles.status}>
            {failed ?? (q === '' && find === 'messages' ? search.hint : status)}
          </p>
          {answer?.corrected?.map(({ word, to }) => (
            <p key={word} className={styles.note}>
              {words.search.corrected(word, to)}
            </p>
          ))}
          {answer?.filling && <p className={styles.note}>{words.search.filling}</p>}
          {answer && (find === 'files' ? <FileHits answer={answer} /> : q !== '' && <Hits answer={answer} />)}
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
