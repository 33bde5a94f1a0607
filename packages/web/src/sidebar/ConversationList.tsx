import type { ConversationRow } from '@carpenter/client';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useMe, useObservable } from '../hooks/client.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { useNow } from '../hooks/surroundings.ts';
import type { Place } from '../place.ts';
import styles from './ConversationList.module.css';
import { moveFocus } from './moveFocus.ts';
import { Row } from './Row.tsx';
import { useSettledRows } from './useSettledRows.ts';

/** The conversations, latest first; one stop of the keyboard, arrows go from row to row. */
export function ConversationList({ rows, place }: { rows: readonly ConversationRow[]; place: Place }) {
  const drafts = useObservable(draftsOf(useMe().id).all);
  const now = useNow(60_000);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState<string>();
  const settled = useSettledRows(rows, pointed || focused !== undefined);
  const openId = place.at === 'conversation' ? place.id : undefined;
  const list = useRef<HTMLUListElement>(null);

  // Coming back to the list on the phone: to the row that one left.
  const left = useRef(openId);
  useEffect(() => {
    if (openId === undefined && left.current !== undefined)
      list.current?.querySelector<HTMLElement>(`[data-row="${left.current}"]`)?.focus({ preventScroll: true });
    left.current = openId;
  }, [openId]);

  const stop = [focused, openId].find(id => settled.some(row => row.id === id)) ?? settled[0]?.id;
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
    if (moveFocus(links, event.key, link => link.querySelector('bdi')?.textContent ?? '')) event.preventDefault();
  };
  return (
    <ul
      ref={list}
      className={styles.rows}
      onPointerEnter={event => setPointed(event.pointerType === 'mouse')}
      onPointerLeave={() => setPointed(false)}
      onFocus={event => setFocused(event.target.dataset.row)}
      onBlur={() => setFocused(undefined)}
      onKeyDown={onKeyDown}
    >
      {settled.map(row => (
        <li key={row.id}>
          <Row
            row={row}
            draft={drafts.get(row.id)}
            open={row.id === openId}
            now={now}
            tabIndex={row.id === stop ? 0 : -1}
          />
        </li>
      ))}
    </ul>
  );
}
