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

/** Who reads: what I wrote, and what people have written whom I have blocked, is never unread. */
export interface Reader {
  readonly me: Id;
  readonly blocked: ReadonlySet<Id>;
}

const byOthers = ({ sender, type }: Message, { me, blocked }: Reader): boolean =>
  sender !== me && type === 'text' && !blocked.has(sender);
/** Whether a message is one that can be unread. */
export const countsFor = (message: Message, reader: Reader): boolean =>
  byOthers(message, reader) && message.deletedAt === undefined;
/** Whether a message means me, by name or with all others. A line from a thread does not by name: that counts in the thread. */
const meansMe = ({ mentions = [], fromThread }: Message, me: Id): boolean =>
  mentions.some(who => (who === me && !fromThread) || who === 'all' || who === 'here');
const mentioning = (message: Message, reader: Reader): boolean =>
  countsFor(message, reader) && meansMe(message, reader.me);

/**
 * Text by others behind `mark`, up to `fixed.unreadMax`. Counted from the messages themselves where all of them are held, else from
 * the server's figure; where that is of another mark, it is the best guess until the next sync.
 */
export function unreadOf(log: Log, mark: number, counted: Counted, reader: Reader): Unread {
  const held = heldBehind(log, mark);
  if (held) {
    const behind = held.messages.slice(mark + 1 - held.from);
    return {
      unread: Math.min(fixed.unreadMax, behind.filter(m => countsFor(m, reader)).length),
      mentions: Math.min(fixed.unreadMax, behind.filter(m => mentioning(m, reader)).length),
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
export function recount(counted: Counted, message: Message, before: Log, reader: Reader): Counted {
  const fresh = message.seq > counted.upTo;
  if (!fresh && message.seq <= counted.mark) return counted;
  const known = fresh ? undefined : messageAt(before, message.seq);
  const were = fresh
    ? [false, false]
    : known
      ? [countsFor(known, reader), mentioning(known, reader)]
      : guessed(message, reader);
  const [unread = false, mentions = false] = were;
  return {
    ...counted,
    unread: moved(counted.unread, unread, countsFor(message, reader)),
    mentions: moved(counted.mentions, mentions, mentioning(message, reader)),
    upTo: Math.max(counted.upTo, message.seq),
  };
}

/** How a message that is not held counted before this change: a deleted one as unread, any other as it does now. */
const guessed = (message: Message, reader: Reader): boolean[] =>
  message.deletedAt === undefined
    ? [countsFor(message, reader), mentioning(message, reader)]
    : [byOthers(message, reader), false];

function moved(figure: number, was: boolean, is: boolean): number {
  if (was === is || (figure >= fixed.unreadMax && !is)) return figure;
  return Math.max(0, Math.min(fixed.unreadMax, figure + (is ? 1 : -1)));
}
