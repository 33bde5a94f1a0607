import { useEffect, useRef } from 'react';
import { cx } from '../parts/cx.ts';
import { Face } from '../parts/Face.tsx';
import { Hidden } from '../parts/Hidden.tsx';
import { words } from '../words/words.ts';
import styles from './SuggestionList.module.css';
import type { Suggestions } from './useSuggestions.ts';

export const optionId = (list: string, at: number) => `${list}-${at}`;

/** Over the field. The focus stays in it; which one is chosen it says by `aria-activedescendant`. */
export function SuggestionList({ id, suggestions }: { id: string; suggestions: Suggestions }) {
  const { options, at, take } = suggestions;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <>
      <div role="status">
        <Hidden>{options.length > 0 && words.suggest.count(options.length)}</Hidden>
      </div>
      {options.length > 0 && (
        <div ref={list} id={id} role="listbox" aria-label={words.suggest.label} className={styles.list}>
          {options.map((option, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
            <div
              key={option.key}
              id={optionId(id, index)}
              role="option"
              aria-selected={index === at}
              className={cx(styles.option, index === at && styles.chosen)}
              onPointerDown={event => event.preventDefault()}
              onClick={() => take(option)}
            >
              {option.face ? (
                <Face id={option.face.id} name={option.face.displayName} size={24} />
              ) : (
                option.sign && (
                  <span className={styles.sign} aria-hidden="true">
                    {option.sign}
                  </span>
                )
              )}
              <bdi>{option.name}</bdi>
              <small>{option.hint}</small>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
