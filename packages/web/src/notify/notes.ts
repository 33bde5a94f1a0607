import type { Id } from '@carpenter/protocol';
import { worker } from './device.ts';

/** A note on the desktop, one for each conversation: the newest replaces the one before. */
export async function showNote(note: {
  id: Id;
  seq: number;
  title: string;
  body: string;
  path: string;
}): Promise<void> {
  const registration = await worker();
  await registration?.showNotification(note.title, {
    body: note.body,
    tag: note.id,
    icon: '/icon-192.png',
    badge: '/badge-96.png',
    silent: true, // the page has sounds of its own
    data: { conversationId: note.id, seq: note.seq, path: note.path },
  });
}

/** What was read, here or elsewhere, stands on no screen. */
export async function closeNotes(read: (id: Id, seq: number) => boolean): Promise<void> {
  const registration = await worker();
  for (const note of (await registration?.getNotifications()) ?? []) {
    const { conversationId, seq } = note.data ?? {};
    if (typeof conversationId === 'string' && typeof seq === 'number' && read(conversationId, seq)) note.close();
  }
}

/** The number on the icon of an installed page. */
export function countOnIcon(count: number): void {
  if (!('setAppBadge' in navigator)) return;
  const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  done.catch(() => {}); // not installed, or a system without such numbers
}
