import type { ConversationRow } from '@carpenter/client';
import { useEffect, useEffectEvent } from 'react';
import { type Place, useGo } from '../place.ts';
import { preferences } from './preferences.ts';
import { toggleRail } from './rail.ts';
import { toNeighbour } from './regions.ts';

interface Opens {
  readonly shortcuts: () => void;
  readonly palette: () => void;
}

const overlayOpen = () => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

const inText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** The neighbour of the open conversation in the list; with `unread`, the next one with something to read. */
function neighbour(rows: readonly ConversationRow[], place: Place, step: 1 | -1, unread: boolean) {
  const at = place.at === 'conversation' ? rows.findIndex(row => row.id === place.id) : -1;
  if (at === -1 && !unread) return step === 1 ? rows[0] : rows.at(-1);
  for (let i = at + step; i >= 0 && i < rows.length; i += step)
    if (!unread || (rows[i]?.unread ?? 0) > 0) return rows[i];
  return undefined;
}

/** Keys that work everywhere. None of them is one that browsers need. */
export function useShortcuts(place: Place, rows: readonly ConversationRow[], opens: Opens): void {
  const go = useGo();
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const mod = event.ctrlKey || event.metaKey;
    const take = (act: () => void) => {
      event.preventDefault();
      act();
    };
    if (mod && event.key === 'k') return take(opens.palette);
    if (mod && event.key === '/') return take(opens.shortcuts);
    if (overlayOpen()) return;
    if (mod && event.key === '\\') return take(toggleRail);
    if (event.key === '?' && !mod && !inText(event.target) && preferences.get().singleKeys)
      return take(opens.shortcuts);
    if (event.key === 'F6' && !mod && !event.altKey) return take(() => toNeighbour(event.shiftKey ? -1 : 1));
    // Once for this conversation; from the field of the search it is the browser's.
    if (mod && event.key === 'f' && place.at === 'conversation')
      return take(() => go.to({ at: 'search', q: `in:${place.id}`, sort: 'newest' }));
    if (mod && event.key === '.' && place.at === 'conversation')
      return take(() => (place.details ? go.up({ ...place, details: false }) : go.to({ ...place, details: true })));
    if (event.altKey && !mod && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      const row = neighbour(rows, place, event.key === 'ArrowDown' ? 1 : -1, event.shiftKey);
      return take(() => row && go.instead({ at: 'conversation', id: row.id, details: false }));
    }
    if (event.key === 'Escape' && place.at === 'conversation' && (place.details || place.thread !== undefined))
      return take(() => go.up({ at: 'conversation', id: place.id, details: false }));
  });
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
