import { fixed, type Id, type Message } from '@carpenter/protocol';
import { type Log, messageAt, type Stretch, stretchAt } from './log.ts';

/** The server's figures: messages behind `mark`, when `upTo` was the newest one; later ones are added by their events. */
export interface Counted extends Unread {
  readonly mark: number;
  readonly upTo: number;
}
export interface Unread {
  readonly unread: number;
  /** Those of them that mention me. */
  readonly mentions: number;
}

/** Whether a message is one that can be unread. */
export const countsFor = (message: Message, me: Id): boolean =>
  message.sender !== me && message.type === 'text' && message.deletedAt === undefined;
/** Whether a message means me, by name or with all others. A line from a thread does not by name: that counts in the thread. */
export const meansMe = ({ mentions = [], fromThread }: Message, me: Id): boolean =>
  mentions.some(who => (who === me && !fromThread) || who === 'all' || who === 'here');
const mentioning = (message: Message, me: Id): boolean => countsFor(message, me) && meansMe(message, me);

/**
 * Text by others behind `mark`, up to `fixed.unreadMax`. Counted from the messages themselves where all of them are held, else from
 * the server's figure; where that is of another mark, it is the best guess until the next sync.
 */
export function unreadOf(log: Log, mark: number, counted: Counted, me: Id): Unread {
  const held = heldBehind(log, mark);
  if (held) {
    const behind = held.messages.slice(mark + 1 - held.from);
    return {
      unread: Math.min(fixed.unreadMax, behind.filter(m => countsFor(m, me)).length),
      mentions: Math.min(fixed.unreadMax, behind.filter(m => mentioning(m, me)).length),
    };
  }
  const most = Math.max(0, Math.min(fixed.unreadMax, log.lastSeq - mark)); // a mark may come before its message
  return { unread: Math.min(counted.unread, most), mentions: Math.min(counted.mentions, most) };
}

/** The number is a guess: neither counted from the messages nor the server's for this mark. */
export const isGuess = (log: Log, mark: number, counted: Counted): boolean =>
  mark < log.lastSeq && mark !== counted.mark && !heldBehind(log, mark);

/** The stretch that has everything behind `mark`. */
function heldBehind(log: Log, mark: number): Stretch | undefined {
  const held = stretchAt(log, log.lastSeq);
  return held && held.from <= mark + 1 ? held : undefined;
}

/** The server's figures after one more change; `before` is the log without it. A full figure stays full: only the server knows. */
export function recount(counted: Counted, message: Message, before: Log, me: Id): Counted {
  const fresh = message.seq > counted.upTo;
  if (!fresh && message.seq <= counted.mark) return counted;
  const known = fresh ? undefined : messageAt(before, message.seq);
  const were = fresh ? [false, false] : known ? [countsFor(known, me), mentioning(known, me)] : guessed(message, me);
  const [unread = false, mentions = false] = were;
  return {
    ...counted,
    unread: moved(counted.unread, unread, countsFor(message, me)),
    mentions: moved(counted.mentions, mentions, mentioning(message, me)),
    upTo: Math.max(counted.upTo, message.seq),
  };
}

/** How a message that is not held counted before this change: a deleted one as unread, any other as it does now. */
const guessed = (message: Message, me: Id): boolean[] =>
  message.deletedAt === undefined
    ? [countsFor(message, me), mentioning(message, me)]
    : [message.sender !== me && message.type === 'text', false];

function moved(figure: number, was: boolean, is: boolean): number {
  if (was === is || (figure >= fixed.unreadMax && !is)) return figure;
  return Math.max(0, Math.min(fixed.unreadMax, figure + (is ? 1 : -1)));
}
