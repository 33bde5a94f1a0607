import { fixed, type Id, type Message } from '@carpenter/protocol';
import { type Log, messageAt, type Stretch, stretchAt } from './log.ts';

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
  const held = heldBehind(log, mark);
  if (held) {
    const behind = held.messages.slice(mark + 1 - held.from);
    return Math.min(fixed.unreadMax, behind.filter(m => counts(m, me)).length);
  }
  return Math.max(0, Math.min(fixed.unreadMax, counted.unread, log.lastSeq - mark)); // a mark may come before its message
}

/** The number is a guess: neither counted from the messages nor the server's for this mark. */
export const isGuess = (log: Log, mark: number, counted: Counted): boolean =>
  mark < log.lastSeq && mark !== counted.mark && !heldBehind(log, mark);

/** The stretch that has everything behind `mark`. */
function heldBehind(log: Log, mark: number): Stretch | undefined {
  const held = stretchAt(log, log.lastSeq);
  return held && held.from <= mark + 1 ? held : undefined;
}

/** The server's figure after one more change; `before` is the log without it. A full figure stays full: only the server knows. */
export function recount(counted: Counted, message: Message, before: Log, me: Id): Counted {
  if (message.seq > counted.upTo) {
    const more = counts(message, me) ? 1 : 0;
    return { ...counted, unread: Math.min(fixed.unreadMax, counted.unread + more), upTo: message.seq };
  }
  const known = messageAt(before, message.seq);
  const deleted = message.deletedAt !== undefined && message.type === 'text';
  const goes = deleted && message.sender !== me && message.seq > counted.mark;
  const wasGone = known?.deletedAt !== undefined;
  return goes && !wasGone && counted.unread < fixed.unreadMax
    ? { ...counted, unread: Math.max(0, counted.unread - 1) }
    : counted;
}
