import type { StoredMessage } from '@carpenter/client';
import { type Act, mayDo, type Seq } from '@carpenter/protocol';
import {
  BellRing,
  Bookmark,
  Copy,
  Flag,
  Forward,
  History,
  Link2,
  type LucideIcon,
  MailOpen,
  MessageSquareText,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  Trash2,
  Users,
} from 'lucide-react';
import { isBookmarked, toggleBookmark } from '../bookmarks/marking.ts';
import { attempt } from '../message/faults.ts';
import { asking } from '../notify/asking.ts';
import { showToast } from '../parts/toasts.ts';
import { reporting } from '../safety/reporting.ts';
import { words } from '../words/words.ts';
import { type MessageItem, textOf } from './items.ts';
import { deleteSoon } from './pendingDeletes.ts';
import type { Room } from './room.ts';

export interface Action {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** The key that does it while the message has focus. */
  readonly key: string;
  /** It stands in the bar beside the message too, not only in the menu. */
  readonly bar: boolean;
  /** @param from the button or message it was asked for at */
  readonly act: (from: HTMLElement) => void;
}

function copy(text: string, done: string) {
  navigator.clipboard.writeText(text).then(
    () => showToast({ text: done }),
    () => showToast({ text: words.message.copyFailed }),
  );
}

/** What can be done with a message: the same for pointer, keyboard and touch. */
export function actionsFor({ entry, mine }: MessageItem, room: Room): readonly Action[] {
  const text = textOf(entry);
  if (entry.kind === 'unsent') return [copyText(text)];
  if (entry.message.deletedAt) return [linkTo(entry, room)];
  const { seq, forwarded, editedAt, reactions } = entry.message;
  const { message } = words;
  const writes = may(room, 'write');
  return [
    { id: 'react', label: message.react, icon: SmilePlus, key: '+', bar: true, act: at => room.openEmoji(entry, at) },
    ...(writes
      ? [{ id: 'reply', label: message.reply, icon: Reply, key: 'R', bar: true, act: () => room.reply(seq) }]
      : []),
    ...threadOf(entry, room),
    ...(mine && !forwarded && !entry.message.poll
      ? [{ id: 'edit', label: message.editThis, icon: Pencil, key: 'E', bar: true, act: () => room.edit(seq) }]
      : []),
    ...(text === '' ? [] : [copyText(text)]),
    linkTo(entry, room),
    {
      id: 'forward',
      label: message.forward,
      icon: Forward,
      key: 'F',
      bar: false,
      act: () => room.open({ kind: 'forward', entry }),
    },
    ...(may(room, 'pin') ? [pinOf(entry, room)] : []),
    bookmarkThis(seq, room),
    ...(reactions && reactions.length > 0
      ? [
          {
            id: 'who',
            label: words.reaction.title,
            icon: Users,
            key: '',
            bar: false,
            act: () => room.open({ kind: 'reactions', entry }),
          },
        ]
      : []),
    ...(editedAt
      ? [
          {
            id: 'history',
            label: words.history.open,
            icon: History,
            key: 'H',
            bar: false,
            act: () => room.open({ kind: 'history', entry }),
          },
        ]
      : []),
    ...(mine ? [] : [unreadFrom(seq, room)]),
    whyAction(seq, mine, room),
    ...(mine ? [] : [report(seq, room)]),
    ...(mine || mayDelete(room) ? [deleteThis(seq, room)] : []),
  ];
}

const bookmarkThis = (seq: Seq, { handle }: Room): Action => ({
  id: 'bookmark',
  label: isBookmarked(handle.id, seq) ? words.bookmarks.remove : words.bookmarks.add,
  icon: Bookmark,
  key: 'B',
  bar: false,
  act: () => void toggleBookmark(handle.id, seq),
});

const copyText = (text: string): Action => ({
  id: 'copy',
  label: words.message.copyThis,
  icon: Copy,
  key: 'C',
  bar: false,
  act: () => copy(text, words.message.copied),
});

const linkTo = ({ message }: StoredMessage, room: Room): Action => ({
  id: 'link',
  label: words.message.copyLink,
  icon: Link2,
  key: 'L',
  bar: false,
  act: () => copy(room.addressOf(message.seq), words.message.linkCopied),
});

function threadOf({ message }: StoredMessage, { openThread }: Room): readonly Action[] {
  if (!openThread || message.fromThread) return [];
  const act = () => openThread(message.seq);
  return [{ id: 'thread', label: words.thread.open, icon: MessageSquareText, key: 'T', bar: true, act }];
}

function pinOf({ message }: StoredMessage, { handle }: Room): Action {
  const pinned = message.pinnedAt !== undefined;
  return {
    id: 'pin',
    label: pinned ? words.message.unpin : words.message.pin,
    icon: pinned ? PinOff : Pin,
    key: 'P',
    bar: false,
    act: () => attempt(handle, message.seq, () => handle.pin(message.seq, !pinned)),
  };
}

const unreadFrom = (seq: number, room: Room): Action => ({
  id: 'unread',
  label: words.message.unreadFrom,
  icon: MailOpen,
  key: 'U',
  bar: true,
  act: () => {
    room.stopReading();
    attempt(room.handle, seq, async () => {
      await room.handle.markUnread(seq);
      showToast({ text: words.message.markedUnread });
    });
  },
});

const whyAction = (seq: number, mine: boolean, { handle }: Room): Action => ({
  id: 'why',
  label: mine ? words.notify.whyMine : words.notify.why,
  icon: BellRing,
  key: '',
  bar: false,
  act: () => asking.set({ id: handle.id, seq, mine }),
});

const report = (seq: number, { handle }: Room): Action => ({
  id: 'report',
  label: words.safety.report,
  icon: Flag,
  key: '',
  bar: false,
  act: () => reporting.set({ conversationId: handle.id, seq }),
});

const deleteThis = (seq: number, room: Room): Action => ({
  id: 'delete',
  label: words.message.deleteThis,
  icon: Trash2,
  key: 'Del',
  bar: true,
  act: () => deleteSoon(room.handle, seq),
});

/** Everybody counts as a member where there are no roles. */
function may({ handle }: Room, act: Act): boolean {
  const { mine, conversation } = handle.timeline.get();
  if (mine === undefined || conversation?.archivedAt !== undefined) return false;
  return conversation?.type === 'direct' || conversation?.type === 'thread' || mayDo(mine.role, act);
}

/** Messages of others, too. */
function mayDelete({ handle }: Room): boolean {
  const { mine, conversation } = handle.timeline.get();
  return mine !== undefined && conversation?.type !== 'direct' && mayDo(mine.role, 'delete.others');
}
