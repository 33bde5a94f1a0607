import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { useObservable } from '../hooks/client.ts';
import { Button } from '../parts/Button.tsx';
import { words } from '../words/words.ts';
import { type Catalogue, findEmoji, toned } from './catalogue.ts';
import styles from './EmojiPanel.module.css';
import { habits, likeTone, took } from './habits.ts';
import { useEmoji } from './load.ts';

const columns = 8;
const foundMax = 64;
const tones = [0, 1, 2, 3, 4, 5] as const;
const palm = ['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'] as const;

interface Section {
  readonly title: string;
  readonly signs: readonly { readonly sign: string; readonly name: string }[];
}

function sectionsOf(catalogue: Catalogue, query: string, recent: readonly string[], tone: number): readonly Section[] {
  const signed = (emoji: Catalogue['all'][number]) => ({ sign: toned(emoji, tone), name: emoji.name });
  if (query.trim() !== '')
    return [{ title: words.emoji.found, signs: findEmoji(catalogue, query, foundMax).map(signed) }];
  const groups = Map.groupBy(catalogue.all, emoji => emoji.group);
  const known = recent.flatMap(sign => {
    const name = catalogue.bySign.get(sign)?.name;
    return name === undefined ? [] : [{ sign, name }];
  });
  return [
    { title: words.emoji.recent, signs: known },
    ...[...groups].map(([group, all]) => ({ title: words.emoji.groups[group] ?? '', signs: all.map(signed) })),
  ].filter(section => section.signs.length > 0);
}

/** All emoji: searched by name, or looked through; arrows go over them in their rows. */
export function EmojiPanel({ onPick }: { onPick: (sign: string) => void }) {
  const { catalogue, failed } = useEmoji(true);
  const { recent, tone } = useObservable(habits);
  // What is taken here moves to the front when it is opened the next time, not under the pointer.
  const [begun] = useState(recent);
  const [query, setQuery] = useState('');
  const [pointed, setPointed] = useState<string>();
  const grid = useRef<HTMLDivElement>(null);
  const sections = useMemo(
    () => (catalogue ? sectionsOf(catalogue, query, begun, tone) : []),
    [catalogue, query, begun, tone],
  );
  const pick = (sign: string) => {
    took(sign);
    onPick(sign);
  };
  const signs = () => [...(grid.current?.querySelectorAll<HTMLElement>('[data-sign]') ?? [])];
  const onFieldKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      signs()[0]?.focus();
    }
    const first = sections[0]?.signs[0];
    if (event.key === 'Enter' && query.trim() !== '' && first) {
      event.preventDefault();
      pick(first.sign);
    }
  };
  const onGridKey = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = signs();
    const next = all[all.findIndex(each => each.matches(':focus')) + step];
    if (next) next.focus();
    else if (step < 0) grid.current?.parentElement?.querySelector('input')?.focus();
  };
  return (
    <div className={styles.panel}>
      <input
        type="search"
        className={styles.field}
        value={query}
        placeholder={words.emoji.search}
        aria-label={words.emoji.search}
        autoComplete="off"
        spellCheck={false}
        onChange={event => setQuery(event.target.value)}
        onKeyDown={onFieldKey}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its buttons are what is pressed, it moves between them. */}
      <div
        ref={grid}
        className={styles.scroll}
        onKeyDown={onGridKey}
        onPointerOver={event => setPointed(nameIn(event.target))}
        onFocus={event => setPointed(nameIn(event.target))}
      >
        {sections.map(section => (
          <EmojiSection key={section.title} section={section} stop={section === sections[0]} onPick={pick} />
        ))}
        {catalogue && sections.length === 0 && <p className={styles.note}>{words.emoji.none(query.trim())}</p>}
        {!catalogue && !failed && <p className={styles.note}>{words.emoji.loading}</p>}
        {!catalogue && failed && (
          <div role="alert" className={styles.note}>
            <p>{words.emoji.failed}</p>
            <Button size="small" onClick={() => location.reload()}>
              {words.app.reload}
            </Button>
          </div>
        )}
      </div>
      <div className={styles.foot}>
        <span className={styles.name}>{pointed}</span>
        <Tones tone={tone} />
      </div>
    </div>
  );
}

const nameIn = (target: EventTarget) =>
  target instanceof Element ? (target.closest('[data-sign]')?.getAttribute('aria-label') ?? undefined) : undefined;

interface SectionProps {
  section: Section;
  /** Its first emoji is where Tab stops. */
  stop: boolean;
  onPick: (sign: string) => void;
}

function EmojiSection({ section, stop, onPick }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.section}>
      <h2 id={id}>{section.title}</h2>
      <div className={styles.grid}>
        {section.signs.map(({ sign, name }, index) => (
          <button
            key={sign}
            type="button"
            data-sign={sign}
            aria-label={name}
            tabIndex={stop && index === 0 ? 0 : -1}
            onClick={() => onPick(sign)}
          >
            {sign}
          </button>
        ))}
      </div>
    </section>
  );
}

function Tones({ tone }: { tone: number }) {
  const name = useId();
  return (
    <fieldset className={styles.tones}>
      <legend>{words.emoji.tone}</legend>
      {tones.map(each => (
        <label key={each} title={words.emoji.tones[each]}>
          <input
            type="radio"
            name={name}
            checked={each === tone}
            aria-label={words.emoji.tones[each]}
            onChange={() => likeTone(each)}
          />
          <span aria-hidden="true">{palm[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
