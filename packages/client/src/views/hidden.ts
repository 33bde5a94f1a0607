import type { Id, Mine } from '@carpenter/protocol';
import { markOf, type Room } from '../sync/room.ts';
import { countsFor, meansMe } from '../sync/unread.ts';

/**
 * Where I stand without the people I have blocked: what they write does not want to be noticed. The figures are the server's, less
 * what is held here of theirs; full ones ("99+") stay.
 */
export function withoutBlocked({ log, mine }: Room, blocked: ReadonlySet<Id>, me: Id): Mine {
  if (blocked.size === 0 || mine.unread === 0) return mine;
  const mark = markOf(mine);
  const theirs = log.stretches
    .flatMap(({ messages }) => messages)
    .filter(message => message.seq > mark && blocked.has(message.sender) && countsFor(message, me));
  if (theirs.length === 0) return mine;
  const mentions = theirs.filter(message => meansMe(message, me)).length;
  return {
    ...mine,
    unread: Math.max(0, mine.unread - theirs.length),
    mentions: Math.max(0, mine.mentions - mentions),
  };
}
