import type { Timeline } from '@carpenter/client';
import type { Id, Seq } from '@carpenter/protocol';
import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { clock } from '../words/times.ts';
import { words } from '../words/words.ts';
import type { Item } from './items.ts';
import styles from './Pills.module.css';

/** The way back to the newest message, with how many of others came since one left it. */
export function JumpPill({ timeline, me, onJump }: { timeline: Timeline; me: Id; onJump: () => void }) {
  const [leftAt] = useState(timeline.lastSeq);
  const fresh = timeline.messages.filter(
    entry => entry.kind === 'stored' && entry.message.seq > leftAt && entry.message.sender !== me,
  ).length;
  return (
    <button type="button" className={styles.jump} onClick={onJump}>
      <ArrowDown size={16} strokeWidth={2} aria-hidden="true" />
      {fresh > 0 ? words.timeline.jumpNew(fresh) : words.timeline.jump}
    </button>
  );
}

/** The way back after a jump. */
export function BackPill({ onBack }: { onBack: () => void }) {
  return (
    <button type="button" className={styles.back} onClick={onBack}>
      <Undo2 size={16} strokeWidth={2} aria-hidden="true" />
      {words.timeline.back}
    </button>
  );
}

interface AboveProps {
  items: readonly Item[];
  rows: readonly VirtualItem[];
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  hold: (key: string, offset: number) => void;
  timeline: Timeline;
  unreadAt: Seq | undefined;
}

/** New messages stand above the view: what came while nobody looked. Gone once one has been there. */
export function NewAbovePill({ items, rows, virtualizer, hold, timeline, unreadAt }: AboveProps) {
  const [visited, setVisited] = useState<Seq>();
  const line = items.findIndex(item => item.kind === 'unread');
  const top = virtualizer.scrollOffset ?? 0;
  const first = rows.find(row => row.end > top)?.index ?? 0;
  if (line < 0 || unreadAt === undefined || visited === unreadAt) return null;
  if (first <= line) {
    setVisited(unreadAt);
    return null;
  }
  const count = timeline.lastSeq - unreadAt + 1;
  const at = items[line]?.at ?? '';
  return (
    <button
      type="button"
      className={styles.above}
      onClick={() => hold('unread', (virtualizer.scrollRect?.height ?? 0) / 3)}
    >
      <ArrowUp size={16} strokeWidth={2} aria-hidden="true" />
      {words.timeline.newAbove(count, clock(at))}
    </button>
  );
}
