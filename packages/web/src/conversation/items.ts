import type { Timeline, TimelineMessage } from '@carpenter/client';
import type { Id, Message, Seq } from '@carpenter/protocol';
import { sameDay } from '../words/times.ts';

/** One row of the timeline. `key` stays the same whatever happens around it. `at`: ISO time, for the floating day. */
export type Item =
  | { readonly kind: 'older' | 'newer' | 'begin'; readonly key: string; readonly at: string }
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'unread'; readonly key: string; readonly at: string }
  | { readonly kind: 'system'; readonly key: string; readonly at: string; readonly messages: readonly Message[] }
  | MessageItem;

export interface MessageItem {
  readonly kind: 'message';
  readonly key: string;
  readonly at: string;
  readonly entry: TimelineMessage;
  readonly sender: Id;
  readonly mine: boolean;
  /** First and last of a group: same sender, less than 5 minutes apart, nothing between. */
  readonly first: boolean;
  readonly last: boolean;
  /** How far it has come is said in words beneath. */
  readonly state: boolean;
}

const groupMs = 5 * 60_000;

export const seqOf = (entry: TimelineMessage): Seq | undefined =>
  entry.kind === 'stored' ? entry.message.seq : undefined;
export const textOf = (entry: TimelineMessage): string => (entry.kind === 'stored' ? entry.message.text : entry.text);
const timeOf = (entry: TimelineMessage) => (entry.kind === 'stored' ? entry.message.createdAt : entry.sentAt);
const senderOf = (entry: TimelineMessage, me: Id) => (entry.kind === 'stored' ? entry.message.sender : me);
const isSystem = (entry: TimelineMessage) => entry.kind === 'stored' && entry.message.type === 'system';
/** Shown as one line that leads to its thread: it belongs to no group. */
const isFromThread = (entry: TimelineMessage) => entry.kind === 'stored' && entry.message.fromThread !== undefined;
const isQueued = (entry: TimelineMessage | undefined) => entry?.kind === 'unsent' && entry.status.is === 'queued';

/** Which messages say their state in words: failed ones, the last of those that wait, and in groups my newest. */
function saysState(entry: TimelineMessage, next: TimelineMessage | undefined, newestOfMine: boolean, group: boolean) {
  if (entry.kind === 'stored') return group && newestOfMine && entry.status !== undefined;
  if (entry.status.is === 'queued') return !isQueued(next);
  return entry.status.is === 'failed' || (group && newestOfMine);
}

interface Reader {
  readonly me: Id;
  readonly group: boolean;
  /** Where the line "New since" stands. */
  readonly unreadAt: Seq | undefined;
  /** When what stands at the beginning was written: its day is not told again. */
  readonly beganAt?: string | undefined;
}

/** The rows of a timeline, oldest first: messages in groups, with a line for each day and one before what is new. */
export function itemsOf(timeline: Timeline, { me, group, unreadAt, beganAt }: Reader): readonly Item[] {
  const { messages } = timeline;
  const first = messages[0];
  const start = first ? timeOf(first) : (timeline.conversation?.createdAt ?? '');
  const items: Item[] = [];
  if (timeline.hasOlder) items.push({ kind: 'older', key: 'older', at: start });
  else if (timeline.phase === 'ready') items.push({ kind: 'begin', key: 'begin', at: start });
  const newestOfMine = messages.findLast(entry => !isSystem(entry) && senderOf(entry, me) === me);

  let before: TimelineMessage | undefined;
  let unreadShown = false;
  messages.forEach((entry, index) => {
    const at = timeOf(entry);
    const sender = senderOf(entry, me);
    const seq = seqOf(entry);
    let broken = !before || isSystem(before) || isFromThread(before) || isFromThread(entry);
    const above = before ? timeOf(before) : timeline.hasOlder ? undefined : beganAt;
    if (above === undefined || !sameDay(above, at)) {
      items.push({ kind: 'day', key: `day ${new Date(at).toDateString()}`, at });
      broken = true;
    }
    const news = !unreadShown && unreadAt !== undefined && seq !== undefined && seq >= unreadAt;
    if (news && sender !== me && !isSystem(entry)) {
      items.push({ kind: 'unread', key: 'unread', at });
      unreadShown = true;
      broken = true;
    }
    if (entry.kind === 'stored' && isSystem(entry)) {
      const last = items.at(-1);
      if (last?.kind === 'system') items[items.length - 1] = { ...last, messages: [...last.messages, entry.message] };
      else items.push({ kind: 'system', key: entry.key, at, messages: [entry.message] });
    } else {
      const continues =
        !broken &&
        before !== undefined &&
        senderOf(before, me) === sender &&
        Date.parse(at) - Date.parse(timeOf(before)) < groupMs;
      const former = items.at(-1);
      if (continues && former?.kind === 'message') items[items.length - 1] = { ...former, last: false };
      items.push({
        kind: 'message',
        key: entry.key,
        at,
        entry,
        sender,
        mine: sender === me,
        first: !continues,
        last: true,
        state: saysState(entry, messages[index + 1], entry === newestOfMine, group),
      });
    }
    before = entry;
  });
  if (timeline.hasNewer) items.push({ kind: 'newer', key: 'end', at: before ? timeOf(before) : start });
  return items;
}

function same(one: Item, other: Item): boolean {
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every(key => {
    const a: unknown = Reflect.get(one, key);
    const b: unknown = Reflect.get(other, key);
    return (
      Object.is(a, b) ||
      (key === 'messages' &&
        Array.isArray(a) &&
        Array.isArray(b) &&
        String(a.map(m => m.id + m.rev)) === String(b.map(m => m.id + m.rev)))
    );
  });
}

/** The same list with what did not change taken from the former one, so that only changed rows are drawn again. */
export function reuse(former: readonly Item[], next: readonly Item[]): readonly Item[] {
  const known = new Map(former.map(item => [item.key, item]));
  return next.map(item => {
    const old = known.get(item.key);
    return old && same(old, item) ? old : item;
  });
}
