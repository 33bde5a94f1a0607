import type { Settings } from '@carpenter/protocol';
import { words } from '../words/words.ts';

export interface Shortcut {
  /** As they stand on the keys, one after the other. */
  readonly keys: string;
  readonly does: string;
  /** A key alone: it does nothing while those are turned off. */
  readonly single?: true;
}
export interface ShortcutGroup {
  readonly title: string;
  readonly rows: readonly Shortcut[];
}

/** Every key that does something, as it is by one's preferences. */
export function shortcutGroups({ sendKey, singleKeys }: Pick<Settings, 'sendKey' | 'singleKeys'>): ShortcutGroup[] {
  const { does, groups, letter } = words.shortcuts;
  const { message, thread, bookmarks, history } = words;
  const [send, line] = sendKey === 'enter' ? ['Enter', 'Shift Enter'] : ['Ctrl Enter', 'Enter'];
  const all: readonly ShortcutGroup[] = [
    {
      title: groups.everywhere,
      rows: [
        { keys: 'Ctrl K', does: does.palette },
        { keys: 'Ctrl F', does: does.find },
        { keys: 'Alt ↑ ↓', does: does.next },
        { keys: 'Alt Shift ↑ ↓', does: does.nextUnread },
        { keys: 'Ctrl .', does: does.details },
        { keys: 'Ctrl \\', does: does.rail },
        { keys: 'F6', does: does.region },
        { keys: 'Ctrl /', does: does.overview },
        { keys: '?', does: does.overview, single: true },
        { keys: 'Esc', does: does.close },
      ],
    },
    {
      title: groups.list,
      rows: [
        { keys: '↑ ↓ Home End', does: does.rows },
        { keys: letter, does: does.letter },
        { keys: 'M', does: does.read, single: true },
        { keys: 'Shift F10', does: does.actions },
      ],
    },
    {
      title: groups.messages,
      rows: [
        { keys: '↑ ↓ Page Up Page Down', does: does.messages },
        { keys: 'Ctrl End', does: does.newest },
        { keys: 'Enter', does: does.actions },
        { keys: '+', does: message.react, single: true },
        { keys: 'R', does: message.reply, single: true },
        { keys: 'T', does: thread.open, single: true },
        { keys: 'E', does: message.editThis, single: true },
        { keys: 'C', does: message.copyThis, single: true },
        { keys: 'L', does: message.copyLink, single: true },
        { keys: 'F', does: message.forward, single: true },
        { keys: 'P', does: message.pin, single: true },
        { keys: 'B', does: bookmarks.add, single: true },
        { keys: 'H', does: history.open, single: true },
        { keys: 'U', does: message.unreadFrom, single: true },
        { keys: 'Del', does: message.deleteThis },
      ],
    },
    {
      title: groups.writing,
      rows: [
        { keys: send, does: does.send },
        { keys: line, does: does.line },
        { keys: '↑', does: does.last },
        { keys: 'Tab', does: does.take },
        { keys: 'Ctrl B', does: does.bold },
        { keys: 'Ctrl I', does: does.italic },
        { keys: 'Ctrl E', does: does.code },
        { keys: 'Ctrl Shift X', does: does.strike },
        { keys: 'Shift Tab', does: does.bar },
      ],
    },
  ];
  return all.map(({ title, rows }) => ({ title, rows: rows.filter(row => singleKeys || !row.single) }));
}
