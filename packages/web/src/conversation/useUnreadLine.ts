import type { Timeline } from '@carpenter/client';
import type { Id, Seq } from '@carpenter/protocol';
import { useEffect, useRef, useState } from 'react';
import { attended } from '../hooks/surroundings.ts';

const firstUnread = ({ mine }: Timeline): Seq | undefined =>
  mine && mine.unread > 0 ? (mine.unreadFrom ?? mine.readSeq + 1) : undefined;

/**
 * Where "New since" stands: set when the conversation opens, and kept while somebody is here. It is set again when
 * something comes while nobody looks and all before it had been read.
 */
export function useUnreadLine(timeline: Timeline, me: Id): Seq | undefined {
  const [line, setLine] = useState<{ at: Seq | undefined } | undefined>(() =>
    timeline.phase === 'ready' ? { at: firstUnread(timeline) } : undefined,
  );
  if (!line && timeline.phase === 'ready') setLine({ at: firstUnread(timeline) });
  const before = useRef(timeline);
  useEffect(() => {
    const former = before.current;
    before.current = timeline;
    if (former.phase !== 'ready' || timeline.lastSeq <= former.lastSeq || attended()) return;
    const newest = timeline.messages.findLast(entry => entry.kind === 'stored');
    const byOther = newest?.kind === 'stored' && newest.message.sender !== me && newest.message.type === 'text';
    if (byOther && former.mine?.unread === 0) setLine({ at: former.lastSeq + 1 });
  }, [timeline, me]);
  return line?.at;
}
