import type { ConversationRow } from '@carpenter/client';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useClient, useMe, useObservable } from '../hooks/client.ts';
import { useNow } from '../hooks/clock.ts';
import { draftsOf } from '../hooks/drafts.ts';
import { preferences } from '../hooks/preferences.ts';
import type { Place } from '../place.ts';
import { words } from '../words/words.ts';
import { attempt } from './attempt.ts';
import { BrowseChannels } from './BrowseChannels.tsx';
import styles from './ConversationList.module.css';
import { LeaveRoom } from './LeaveRoom.tsx';
import { moveFocus } from './moveFocus.ts';
import { NewFolder } from './NewFolder.tsx';
import { Row } from './Row.tsx';
import { RowMenu } from './RowMenu.tsx';
import { readToggle } from './readToggle.ts';
import { SectionHead } from './SectionHead.tsx';
import { type Section, sectionsOf } from './sections.ts';
import { useFolded } from './useFolded.ts';
import { useSettledRows } from './useSettledRows.ts';

interface Props {
  rows: readonly ConversationRow[];
  place: Place;
  /** As one keeps them, in sections; else one list as given. */
  kept?: boolean;
}
interface Asked {
  readonly what: 'menu' | 'folder' | 'leave';
  readonly row: ConversationRow;
  readonly anchor: HTMLElement;
}

/** The conversations, latest first; one stop of the keyboard, arrows go from row to row. */
export function ConversationList({ rows, place, kept = false }: Props) {
  const client = useClient();
  const me = useMe();
  const drafts = useObservable(draftsOf(me.id).all);
  const now = useNow(60_000);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState<string>();
  const [asked, setAsked] = useState<Asked>();
  const settled = useSettledRows(rows, pointed || focused !== undefined);
  const sections: readonly Section[] = kept ? sectionsOf(settled) : [{ key: 'all', kind: 'others', rows: settled }];
  const [folded, fold] = useFolded(me.id);
  const openId = place.at === 'conversation' ? place.id : undefined;
  const list = useRef<HTMLDivElement>(null);

  // Coming back to the list on the phone: to the row that one left.
  const left = useRef(openId);
  useEffect(() => {
    if (openId === undefined && left.current !== undefined)
      list.current
        ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(left.current)}"]`)
        ?.focus({ preventScroll: true });
    left.current = openId;
  }, [openId]);

  const shown = sections.filter(section => !folded.has(section.key)).flatMap(section => section.rows);
  const stop = [focused, openId].find(id => shown.some(row => row.id === id)) ?? shown[0]?.id;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.row === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focusedRow = event.target.dataset.row;
    if (event.key.toLowerCase() === 'm' && preferences.get().singleKeys) {
      event.preventDefault();
      const row = rows.find(each => each.id === focusedRow);
      const toggle = row && readToggle(client, row);
      if (toggle) void attempt(toggle.act);
      return;
    }
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
    if (moveFocus(links, event.key, link => link.querySelector('bdi')?.textContent ?? '')) event.preventDefault();
  };
  const close = () => setAsked(undefined);
  // what it was about may have changed meanwhile
  const current = asked && (rows.find(row => row.id === asked.row.id) ?? asked.row);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and pointer only tell what goes on in the links below.
    <div
      ref={list}
      data-menus
      className={styles.rows}
      onPointerEnter={event => setPointed(event.pointerType === 'mouse')}
      onPointerLeave={() => setPointed(false)}
      onFocus={event => setFocused(event.target.dataset.row)}
      onBlur={() => setFocused(undefined)}
      onKeyDown={onKeyDown}
    >
      {sections.map(section => {
        const open = !folded.has(section.key);
        return (
          <section key={section.key} aria-labelledby={kept ? `section-${section.key}` : undefined}>
            {kept && (sections.length > 1 || section.kind !== 'others') && (
              <SectionHead section={section} open={open} now={now} onFold={() => fold(section.key, open)} />
            )}
            {open && (
              <ul>
                {section.rows.map(row => (
                  <li key={row.id} className={styles.item}>
                    <Row
                      row={row}
                      draft={drafts.get(row.id)}
                      open={row.id === openId}
                      now={now}
                      tabIndex={row.id === stop ? 0 : -1}
                      onMenu={anchor => setAsked({ what: 'menu', row, anchor })}
                    />
                  </li>
                ))}
              </ul>
            )}
          </section>
        );
      })}
      {asked?.what === 'menu' && current && (
        <RowMenu
          row={current}
          anchor={asked.anchor}
          onNewFolder={() => setAsked({ ...asked, what: 'folder' })}
          onLeave={() => setAsked({ ...asked, what: 'leave' })}
          onClose={() => setAsked(before => (before?.what === 'menu' ? undefined : before))}
        />
      )}
      {asked?.what === 'folder' && current && <NewFolder row={current} onClose={close} />}
      {asked?.what === 'leave' && current && <LeaveRoom id={current.id} title={current.title} onClose={close} />}
      {sections.length === 0 && <p className={styles.note}>{words.list.empty}</p>}
      {kept && <BrowseChannels here={place.at === 'channels'} />}
    </div>
  );
}
