import { mayDo } from '@carpenter/protocol';
import { Copy, Flag, type LucideIcon, MailOpen, Pencil, Trash2 } from 'lucide-react';
import { showToast } from '../parts/toasts.ts';
import { reporting } from '../safety/reporting.ts';
import { words } from '../words/words.ts';
import { type MessageItem, textOf } from './items.ts';
import { deleteSoon } from './pendingDeletes.ts';
import type { Room } from './room.ts';

export interface Action {
  readonly id: 'edit' | 'copy' | 'unread' | 'report' | 'delete';
  readonly label: string;
  readonly icon: LucideIcon;
  /** The key that does it while the message has focus. */
  readonly key: string;
  readonly act: () => void;
}

function copy(text: string) {
  navigator.clipboard.writeText(text).then(
    () => showToast({ text: words.message.copied }),
    () => showToast({ text: words.message.copyFailed }),
  );
}

/** What can be done with a message: the same for pointer, keyboard and touch. */
export function actionsFor({ entry, mine }: MessageItem, room: Room): readonly Action[] {
  const { message } = words;
  const text = textOf(entry);
  const copyAction: Action = { id: 'copy', label: message.copyThis, icon: Copy, key: 'C', act: () => copy(text) };
  if (entry.kind === 'unsent') return [copyAction];
  const { seq, deletedAt } = entry.message;
  if (deletedAt) return [];
  if (!mine)
    return [
      copyAction,
      {
        id: 'unread',
        label: message.unreadFrom,
        icon: MailOpen,
        key: 'U',
        act: () => {
          room.stopReading();
          room.handle.markUnread(seq).then(() => showToast({ text: message.markedUnread }));
        },
      },
      {
        id: 'report',
        label: words.safety.report,
        icon: Flag,
        key: '',
        act: () => reporting.set({ conversationId: room.handle.id, seq }),
      },
      ...(mayDelete(room) ? [deleteAction(room, seq)] : []),
    ];
  return [
    { id: 'edit', label: message.editThis, icon: Pencil, key: 'E', act: () => room.edit(seq) },
    copyAction,
    deleteAction(room, seq),
  ];
}

const deleteAction = (room: Room, seq: number): Action => ({
  id: 'delete',
  label: words.message.deleteThis,
  icon: Trash2,
  key: 'Del',
  act: () => deleteSoon(room.handle, seq),
});

/** Messages of others, too. */
function mayDelete({ handle }: Room): boolean {
  const { mine, conversation } = handle.timeline.get();
  return mine !== undefined && conversation?.type !== 'direct' && mayDo(mine.role, 'delete.others');
}
