import { fixed, type Id, type Message } from '@carpenter/protocol';
import { type Log, messageAt, stretchAt } from './log.ts';

/** The server's figure: unread messages behind `mark`, when `upTo` was the newest message; later ones are added by their events. */
export interface Counted {
  readonly unread: number;
  readonly mark: number;
  readonly upTo: number;
}

const counts = (message: Message, me: Id): boolean =>
  message.sender !== me && message.type === 'text' && message.deletedAt === undefined;

/**
 * Text by others behind `mark`, up to `fixed.unreadMax`. Counted from the messages themselves where all of them are held, else from
 * the server's figure; where that is of another mark, it is the best guess until the next sync.
 */
export function unreadOf(log: Log, mark: number, counted: Counted, me: Id): number {
  if (mark >= log.lastSeq) return 0;
  const held = stretchAt(log, log.lastSeq);
  if (held && held.from <= mark + 1) {
    const behind = held.messages.slice(mark + 1 - held.from);
    return Math.min(fixed.unreadMax, behind.filter(m => counts(m, me)).length);
  }
  return Math.min(fixed.unreadMax, counted.unread, log.lastSeq - mark);
}

/** The server's figure after one more change; `before` is the log without it. A full figure stays full: only the server knows. */
export function recount(counted: Counted, message: Message, before: Log, me: Id): Counted {
  if (message.seq > counted.upTo) {
    const more = counts(message, me) ? 1 : 0;
    return { ...counted, unread: Math.min(fixed.unreadMax, counted.unread + more), upTo: message.seq };
  }
  const known = messageAt(before, message.seq);
  const goes = message.deletedAt !== undefined && message.sender !== me && message.seq > counted.mark;
  const wasGone = known?.deletedAt !== undefined;
  return goes && !wasGone && counted.unread < fixed.unreadMax
    ? { ...counted, unread: Math.max(0, counted.unread - 1) }
    : counted;
}
